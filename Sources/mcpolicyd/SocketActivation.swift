import CSystemd
import Glibc
import Linux

/// The control socket as systemd holds it: queries wait in it while this process starts anew.
struct SocketActivation {
  /// The listening socket that was passed; nil where none was.
  private let passed: Int32?

  /// What was passed isn't what the daemon may answer on.
  struct Refusal: Error, CustomStringConvertible {
    let description: String
  }

  /// - Parameter path: where the socket must be bound; any other is refused.
  init(at path: FilePath) throws(Refusal) {
    let count = sd_listen_fds(1)
    guard count != 0 else {
      passed = nil
      return
    }
    guard count > 0 else {
      throw Refusal(description: "LISTEN_FDS: \(String(cString: strerror(-count)))")
    }
    guard count == 1 else {
      throw Refusal(description: "\(count) sockets were passed, and there is one control socket")
    }
    let number = SD_LISTEN_FDS_START
    let isListener = path.withCString {
      sd_is_socket_unix(number, Int32(SOCK_STREAM.rawValue), 1, $0, 0) > 0
    }
    // One that may block would hold up the loop when a peer is gone before it is accepted.
    guard isListener, (try? Descriptor.makeNonblocking(number)) != nil else {
      throw Refusal(description: "what was passed isn't a stream socket that listens at \(path)")
    }
    passed = number
  }

  /// Whether the socket is there after this process, and isn't to be removed.
  var outlivesProcess: Bool { passed != nil }

  /// The listening end, taken over once.
  func listener(_ paths: HostPaths) throws(SystemError) -> Descriptor {
    if let passed { return Descriptor(owning: passed) }
    _ = try TrustedFolder.open(creating: paths.runtime, permissions: 0o755)
    return try Descriptor.listen(at: paths.socket)
  }

  /// Ends the connections that wait, for a daemon that can't start: systemd would start it again for
  /// them, and their programs would wait in vain.
  func turnAwayWaiting() {
    guard let passed else { return }
    let listener = Descriptor(owning: passed)
    for _ in 0..<Self.mostTurnedAway {
      guard let peer = try? listener.accept() else { return }
      _ = consume peer
    }
  }

  /// More than the queue of the socket holds.
  private static let mostTurnedAway = 1024
}
