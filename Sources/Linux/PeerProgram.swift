import CLinux
import Glibc

/// The program at the other end of a socket.
public enum PeerProgram: Hashable, Sendable {
  /// The bytes of its path, as `/proc/PID/exe` has them.
  case path([UInt8])
  /// Why it can't be told.
  case unknown(String)
}

extension Descriptor {
  /// The executable that the peer's process runs now: a hint for people, since a process may start
  /// another program after it connected. Rights never hang on it.
  ///
  /// Where the kernel gives a pidfd of the peer (6.5 and later), a process that got the number of one
  /// that ended isn't taken for it.
  public func peerProgram(pid: Int32) -> PeerProgram {
    let number = cl_peer_pidfd(self.number)
    let process = number < 0 ? nil : ProcessHandle(descriptor: Descriptor(owning: number))
    var path = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = path.withUnsafeMutableBytes {
      readlink("/proc/\(pid)/exe", $0.assumingMemoryBound(to: CChar.self).baseAddress!, $0.count)
    }
    let failure = errno
    if let process, process.hasEnded { return .unknown("the process has ended") }
    if count > 0 { return .path(Array(path.prefix(count))) }
    return .unknown(Self.reason(failure))
  }

  /// A hardened unit sees the processes of no other user: `ProtectProc=invisible`.
  private static func reason(_ failure: Int32) -> String {
    switch failure {
    case ENOENT, EACCES, EPERM: "the daemon's sandbox doesn't show it"
    default: String(cString: strerror(failure))
    }
  }
}

/// One process, which no other can be taken for after its end: a pidfd.
public struct ProcessHandle: ~Copyable {
  private let descriptor: Descriptor

  init(descriptor: consuming Descriptor) {
    self.descriptor = descriptor
  }

  /// - Throws: `ESRCH` if there is no such process.
  public init(pid: Int32) throws(SystemError) {
    descriptor = Descriptor(owning: try checked(cl_pidfd_open(pid), "pidfd_open", "\(pid)"))
  }

  public var hasEnded: Bool { hasEnded(within: 0) }

  /// Waits for its end, but not longer than that many seconds.
  public func hasEnded(within seconds: Double) -> Bool {
    let end = MonotonicTime.now.advanced(bySeconds: seconds)
    while true {
      let left = max(0, end.nanoseconds - MonotonicTime.now.nanoseconds)
      var entry = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
      let result = poll(&entry, 1, Int32((left + 999_999) / 1_000_000))
      if result < 0, errno == EINTR { continue }
      return result > 0
    }
  }

  public func signal(_ number: Int32) throws(SystemError) {
    _ = try checked(cl_pidfd_send_signal(descriptor.number, number), "pidfd_send_signal")
  }
}
