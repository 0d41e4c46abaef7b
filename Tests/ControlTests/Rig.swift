import Glibc
import Linux
import MCPConfig
import Testing

@testable import Control

/// A server and its peers in one thread: the test says when the server works and what time it is, so
/// nothing waits and nothing depends on speed.
final class Rig {
  let folder: TemporaryFolder
  let service = FakeService()
  let server: ControlServer
  private(set) var now = MonotonicTime(nanoseconds: 1_000_000_000_000)
  /// Whom the server takes each new peer for.
  private let next: Next

  private final class Next {
    var actor = ControlActor.user
  }

  init(_ limits: ControlLimits = ControlLimits()) throws {
    folder = try TemporaryFolder()
    let next = Next()
    self.next = next
    server = try ControlServer(
      at: folder.socket, roles: .sample, info: .sample, limits: limits, service: service,
      identify: { _ throws(SystemError) in next.actor })
  }

  func connect(as actor: ControlActor = .user) throws -> TestPeer {
    let peer = try TestPeer(try Descriptor.connect(to: folder.socket))
    next.actor = actor
    work()
    return peer
  }

  /// Rounds enough for everything that waits.
  func work(rounds: Int = 40) {
    for _ in 0..<rounds { server.processReady(now: now) }
  }

  func pass(seconds: Double) {
    now = now.advanced(bySeconds: seconds)
    server.processReady(now: now)
  }

  /// The next reply to that peer.
  func reply(to peer: TestPeer) throws -> JSON {
    for _ in 0..<1000 {
      if let message = try peer.nextMessage() {
        return try JSON(parsing: message, limits: VarlinkReply.limits)
      }
      server.processReady(now: now)
    }
    throw NoReply()
  }

  struct NoReply: Error {}
}

/// Keeps what it is asked, and answers `Status` at once.
final class FakeService: ControlService {
  var calls: [ControlCall] = []

  func handle(_ call: ControlCall) {
    if call.request == .status {
      call.responder.reply(["state": "ok"])
    } else {
      calls.append(call)
    }
  }
}

/// A socket that never waits, and the bytes that came by it.
final class TestPeer {
  let socket: Descriptor
  private var reader = MessageReader(limit: 64 << 20)
  private(set) var ended = false

  init(_ socket: consuming Descriptor) throws {
    self.socket = socket
    try #require(fcntl(self.socket.number, F_SETFL, O_NONBLOCK) == 0)
  }

  /// Sends what the socket takes, and returns how much.
  @discardableResult
  func send(_ bytes: [UInt8]) throws -> Int { try socket.sendSome(bytes[...]) }

  func call(_ method: String, _ parameters: String = "{}", flags: String = "") throws {
    try send(Array("{\"method\":\"\(method)\",\"parameters\":\(parameters)\(flags)}\0".utf8))
  }

  func nextMessage() throws -> [UInt8]? {
    if let message = try reader.next() { return message }
    while !ended, let bytes = try? socket.readSome(upTo: 1 << 16) {
      ended = bytes.isEmpty
      reader.append(bytes)
    }
    return try reader.next()
  }

  /// Whether the server closed the connection; replies that came before are kept.
  func isClosed() -> Bool {
    while true {
      do {
        guard let bytes = try socket.readSome(upTo: 1 << 16) else { return false }
        if bytes.isEmpty { return true }
        reader.append(bytes)
      } catch {
        return true
      }
    }
  }

  func finishSending() { shutdown(socket.number, Int32(SHUT_WR)) }
}

final class TemporaryFolder {
  let path: FilePath
  var socket: FilePath { path.appending("control.sock") }

  init() throws {
    var template = Array("/tmp/mcpolicy-control.XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    path = FilePath(
      String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }

  deinit {
    _ = socket.withCString { unlink($0) }
    _ = path.withCString { rmdir($0) }
  }
}

extension ControlActor {
  static let user = ControlActor(pid: 10, uid: 1000, gid: 1000, groups: [])
  static let auditor = ControlActor(pid: 11, uid: 1001, gid: 1001, groups: [71])
  static let admin = ControlActor(pid: 12, uid: 1002, gid: 1002, groups: [72])
  static let root = ControlActor(pid: 13, uid: 0, gid: 0, groups: [])
  static let daemon = ControlActor(pid: 14, uid: 900, gid: 900, groups: [])

  static func user(_ uid: UInt32) -> ControlActor {
    ControlActor(pid: 10, uid: uid, gid: uid, groups: [])
  }
}

extension Roles {
  static let sample = Roles(daemonUID: 900, auditGID: 71, adminGID: 72)
}

extension ServiceInfo {
  static let sample = ServiceInfo(
    vendor: "mcpolicyd", product: "mcpolicyd", version: "1.2.3", url: "https://example.org")
}
