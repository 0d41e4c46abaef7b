import Foundation
import Support

/// Stands in for journald's socket; it takes what comes only when asked.
final class JournalSocket {
  private let path: String
  private var descriptor: Int32

  init(_ path: String) {
    self.path = path
    descriptor = Self.bound(path)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// What was sent since the last time, one text a record.
  func receive() -> [String] {
    var records: [String] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      if count < 0 { return records }
      records.append(String(decoding: buffer[..<count], as: UTF8.self))
    }
  }

  /// As `systemctl stop systemd-journald` leaves it: the name is there, nobody answers.
  func stop() {
    close(descriptor)
    descriptor = -1
  }

  /// The name is gone too.
  func remove() {
    stop()
    unlink(path)
  }

  func start() {
    unlink(path)
    descriptor = Self.bound(path)
  }

  private static func bound(_ path: String) -> Int32 {
    // Closed in every child: a daemon that held it would keep it alive.
    let kind = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(AF_UNIX, kind, 0)
    let result = withUnixAddress(path) { bind(descriptor, $0, $1) }
    precondition(result == 0, String(cString: strerror(errno)))
    return descriptor
  }
}

/// A peer on the control socket, for calls in quick succession.
final class ControlPeer {
  private let descriptor: Int32

  init?(_ path: String) {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    if withUnixAddress(path, { connect(descriptor, $0, $1) }) != 0 { return nil }
  }

  deinit { close(descriptor) }

  /// Makes the call and waits for its answer, whatever it says.
  func call(_ method: String) {
    let bytes = Array(#"{"method":"\#(method)"}"#.utf8) + [0]
    guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return }
    var answer = [UInt8](repeating: 1, count: 65536)
    while true {
      let count = recv(descriptor, &answer, answer.count, 0)
      if count <= 0 || answer[count - 1] == 0 { return }
    }
  }
}
