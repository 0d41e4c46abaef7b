import Glibc
import Linux
import MCPConfig
import Testing

@testable import Control

/// The blocking client against a server on a thread of its own, by real sockets.
@Suite(.serialized, .timeLimit(.minutes(1))) struct ClientTests {
  @Test func callsAndReplies() throws {
    let host = try ServerThread()
    defer { host.stop() }
    let client = try ControlClient(path: host.socket, timeout: 20)
    #expect(try client.call(.status)["state"]?.string == "ok")
    #expect(try client.call(.listIncidents, ["limit": 3])["limit"]?.integer == 3)
  }

  @Test func streams() throws {
    let host = try ServerThread()
    defer { host.stop() }
    let client = try ControlClient(path: host.socket, timeout: 20)
    var seen: [Int?] = []
    try client.stream(.watchIncidents) { reply in
      seen.append(reply["incident"]?.integer)
      return true
    }
    #expect(seen == [1, 2, 3])
  }

  @Test func errorsAreTyped() throws {
    let host = try ServerThread()
    defer { host.stop() }
    let client = try ControlClient(path: host.socket, timeout: 20)
    #expect(throws: ClientError.failed("in vain")) { try client.call(.sweep) }
    #expect(throws: ClientError.unprovisioned) { try client.call(.listTargets) }
    #expect(throws: ClientError.invalid(Complaint("bad", file: "p.json", line: 3, column: 4))) {
      try client.call(.reload)
    }
    #expect(throws: ClientError.notAllowed(verb: "Approve", needs: "more")) {
      try client.call(.approve, ["content": .text(String(repeating: "x", count: 1 << 20))])
    }
    #expect(throws: ClientError.invalid(Complaint("Status doesn't take this parameter: x"))) {
      try client.call(.status, ["x": 1])
    }
  }

  @Test func nobodyListens() throws {
    let folder = try TemporaryFolder()
    #expect(throws: ClientError.notReachable("\(folder.socket): No such file or directory")) {
      _ = try ControlClient(path: folder.socket)
    }
    do { _ = try Descriptor.listen(at: folder.socket) }
    #expect(throws: ClientError.notReachable("\(folder.socket): Connection refused")) {
      _ = try ControlClient(path: folder.socket)
    }
  }

  @Test func nobodyAnswers() throws {
    let folder = try TemporaryFolder()
    let listener = try Descriptor.listen(at: folder.socket)
    let client = try ControlClient(path: folder.socket, timeout: 0.05)
    #expect {
      try client.call(.status)
    } throws: {
      if case .notReachable = $0 as? ClientError { true } else { false }
    }
    withExtendedLifetime(listener.number) {}
  }

  @Test func theDaemonGoesAway() throws {
    let folder = try TemporaryFolder()
    let listener = try Descriptor.listen(at: folder.socket)
    let client = try ControlClient(path: folder.socket, timeout: 20)
    do { _ = try listener.accept() }
    #expect(
      throws: ClientError.notReachable("\(folder.socket): the daemon closed the connection")
    ) { try client.call(.status) }
  }

  /// Whose daemon ends before it answers is answered by the next one, unless they asked for a change.
  @Test func theNextDaemonAnswers() throws {
    let folder = try TemporaryFolder()
    let socket = folder.socket
    let listener = try Descriptor.listen(at: socket)
    let thread = try WorkerThread(name: "daemons") {
      do { _ = Self.peer(of: listener) }
      guard let peer = Self.peer(of: listener) else { return }
      try? peer.sendAll(Array(#"{"parameters":{"state":"ok"}}"#.utf8) + [0])
    }
    let answer = try ControlClient.call(.status, at: socket, timeout: 20)
    #expect(answer["state"]?.string == "ok")
    thread.join()
  }

  @Test func aChangeIsAskedForOnce() throws {
    let folder = try TemporaryFolder()
    let socket = folder.socket
    let listener = try Descriptor.listen(at: socket)
    let thread = try WorkerThread(name: "daemons") { _ = Self.peer(of: listener) }
    #expect {
      try ControlClient.call(.sweep, at: socket, timeout: 20)
    } throws: {
      if case .notReachable = $0 as? ClientError { true } else { false }
    }
    thread.join()
    #expect(try listener.accept() == nil)
  }

  private static func peer(of listener: borrowing Descriptor) -> Descriptor? {
    for _ in 0..<4000 {
      if let peer = try? listener.accept() { return peer }
      usleep(5000)
    }
    return nil
  }

  @Test func aSocketPathMayBeLong() throws {
    let folder = try TemporaryFolder()
    let name = FilePath(String(repeating: "d", count: 120))
    let parent = try Descriptor.open(trusted: folder.path)
    try parent.makeFolder(name, permissions: 0o700)
    let socket = folder.path.appending(name).appending("control.sock")
    let listener = try Descriptor.listen(at: socket)
    let peer = try Descriptor.connect(to: socket)
    #expect(try listener.accept() != nil)
    withExtendedLifetime(peer.number) {}
    try parent.open(name, 0).unlink("control.sock")
    try parent.removeFolder(name)
  }
}

/// A server that runs until `stop`.
private final class ServerThread {
  let folder: TemporaryFolder
  var socket: FilePath { folder.socket }
  private let queue: BoundedQueue<Void>
  private let thread: WorkerThread

  init() throws {
    folder = try TemporaryFolder()
    let queue = try BoundedQueue<Void>(capacity: 1, blocking: false)
    let ready = try BoundedQueue<Void>(capacity: 1, blocking: true)
    self.queue = queue
    let socket = folder.socket
    thread = try WorkerThread(name: "control") {
      let service = Answering()
      guard
        let server = try? ControlServer(
          at: socket, roles: .ofThisHost(), info: .sample, service: service),
        let epoll = try? Epoll(),
        (try? epoll.add(queue.wakeup, .readable, token: 0)) != nil,
        (try? epoll.add(server.readiness, .readable, token: 1)) != nil
      else { return ready.close() }
      _ = ready.send(())
      var stopped = false
      while !stopped {
        try? epoll.wait(mayWait: true) { token, _ in if token == 0 { stopped = true } }
        server.processReady(now: .now)
      }
    }
    try #require(ready.receive() != nil)
  }

  func stop() {
    _ = queue.send(())
    thread.join()
  }
}

private final class Answering: ControlService {
  func handle(_ call: ControlCall) {
    switch call.request {
    case .status: call.responder.reply(["state": "ok"])
    case .listTargets: call.responder.fail(.unprovisioned)
    case .listIncidents(let query): call.responder.reply(["limit": .int(query.limit ?? 0)])
    case .watchIncidents:
      call.responder.continueWith(["incident": 1])
      call.responder.continueWith(["incident": 2])
      call.responder.reply(["incident": 3])
    case .sweep, .rights, .change: call.responder.fail(.failed("in vain"))
    case .approve: call.responder.fail(.notAllowed(verb: "Approve", needs: "more"))
    case .tryReload, .getIncident, .respond, .metrics, .readLedger: call.responder.reply([:])
    case .reload:
      call.responder.fail(.invalid(Complaint("bad", file: "p.json", line: 3, column: 4)))
    }
  }
}
