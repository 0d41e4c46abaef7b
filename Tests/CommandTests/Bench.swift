import Control
import Glibc
import Linux
import MCPConfig
import Testing

@testable import mcpolicyctl

/// Runs the command line in this process and keeps what it prints.
final class Bench {
  private(set) var output = ""
  private(set) var errors = ""
  var answer: String?
  var style = Style.plain
  /// 2026-01-31T09:33:00Z, three minutes after the sample's incidents.
  let now = WallTime(microseconds: 1_769_851_980_000_000)

  func run(_ arguments: String...) -> Outcome { run(arguments) }

  func run(_ arguments: [String]) -> Outcome {
    output = ""
    errors = ""
    return Main.run(arguments, on: console)
  }

  private var console: Console {
    Console(
      style: style, now: now, canAsk: answer != nil,
      write: { [unowned self] stream, bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        if stream == .output { output += text } else { errors += text }
      },
      readLine: { [unowned self] in answer })
  }

  func json() throws -> JSON { try JSON(parsing: Array(output.utf8)) }
}

/// A folder of files that goes away with it.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/mcpolicy-command.XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Puts a file there, and returns its path.
  func file(_ name: String, _ text: String) throws -> String {
    let folder = try Descriptor.open(trusted: FilePath(path))
    let file = try folder.open(FilePath(name), O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
    try file.writeAll(Array(text.utf8))
    return "\(path)/\(name)"
  }

  deinit {
    guard let folder = try? Descriptor.open(trusted: FilePath(path)) else { return }
    for name in (try? folder.names()) ?? [] { try? folder.unlink(name) }
    rmdir(path)
  }
}

/// The fake daemon on a thread of its own, until it is let go of.
final class DaemonThread {
  let folder: TemporaryFolder
  var socket: String { "\(folder.path)/control.sock" }
  private let queue: BoundedQueue<Void>
  private let thread: WorkerThread

  init() throws {
    folder = try TemporaryFolder()
    let queue = try BoundedQueue<Void>(capacity: 1, blocking: false)
    let ready = try BoundedQueue<Void>(capacity: 1, blocking: true)
    self.queue = queue
    let path = FilePath("\(folder.path)/control.sock")
    thread = try WorkerThread(name: "control") {
      let service = FakeDaemon()
      guard
        let server = try? ControlServer(
          at: path, roles: .ofThisHost(), info: .mcpolicyd, service: service),
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

  deinit {
    _ = queue.send(())
    thread.join()
  }
}
