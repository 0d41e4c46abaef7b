import CLinux
import Glibc

/// Who is at the other end, as the kernel attests it at `connect`.
public struct PeerCredentials: Hashable, Sendable {
  public var pid: Int32
  public var uid: UInt32
  public var gid: UInt32
}

// MARK: Connecting

extension Descriptor {
  /// A listening stream socket that everyone may connect to; what lay at the path is replaced.
  public static func listen(at path: FilePath, backlog: Int32 = 128) throws(SystemError)
    -> Descriptor
  {
    _ = path.withCString { Glibc.unlink($0) }
    return try withSocketPath(path) { short throws(SystemError) in
      let number = short.withCString { cl_unix_listen($0, backlog) }
      return Descriptor(owning: try checked(number, "listen", path.text))
    }
  }

  /// A blocking stream socket connected to that path.
  /// - Parameter timeout: seconds that the connect and each later send and receive may take; what
  ///   takes longer is `EAGAIN`. Nil for as long as it takes.
  public static func connect(
    to path: FilePath, timeout: Double? = nil
  ) throws(SystemError) -> Descriptor {
    let microseconds = timeout.map { max(Int64($0 * 1e6), 1) } ?? 0
    return try withSocketPath(path) { short throws(SystemError) in
      let number = short.withCString { cl_unix_connect($0, microseconds) }
      return Descriptor(owning: try checked(number, "connect", path.text))
    }
  }

  /// Calls `body` with a path that fits a socket address, which takes 107 bytes: a longer one goes
  /// by a descriptor of its folder.
  private static func withSocketPath(
    _ path: FilePath, _ body: (FilePath) throws(SystemError) -> Descriptor
  ) throws(SystemError) -> Descriptor {
    guard path.bytes.count > 107, let slash = path.bytes.lastIndex(of: UInt8(ascii: "/")),
      let folderPath = FilePath(path.bytes[...slash]),
      let name = FilePath(path.bytes[(slash + 1)...])
    else { return try body(path) }
    let folder = try open(trusted: folderPath, CL_O_PATH | CL_O_DIRECTORY)
    return try body(folder.procPath.appending(name))
  }

  /// The next waiting connection, non-blocking; nil when none waits.
  public func accept() throws(SystemError) -> Descriptor? {
    let number = cl_accept(self.number)
    switch -number {
    case EAGAIN, ECONNABORTED, EINTR: return nil
    default: return Descriptor(owning: try checked(number, "accept"))
    }
  }
}

// MARK: The peer

extension Descriptor {
  public func peerCredentials() throws(SystemError) -> PeerCredentials {
    var peer = cl_peer()
    _ = try checked(cl_peer_credentials(number, &peer), "SO_PEERCRED")
    return PeerCredentials(pid: peer.pid, uid: peer.uid, gid: peer.gid)
  }

  /// The supplementary groups the peer was in at its `connect`; its own gid need not be among them.
  public func peerGroups() throws(SystemError) -> [UInt32] {
    var capacity = 64
    while true {
      var groups = [UInt32](repeating: 0, count: capacity)
      let count = cl_peer_groups(number, &groups, Int32(capacity))
      // A process is in 65,536 groups at most (NGROUPS_MAX).
      if count == -ERANGE, capacity < 1 << 16 {
        capacity *= 8
        continue
      }
      return Array(groups.prefix(Int(try checked(count, "SO_PEERGROUPS"))))
    }
  }
}

// MARK: Sending and receiving

extension Descriptor {
  /// Sends what the socket takes now and returns how much; 0 when it takes nothing.
  public func sendSome(_ bytes: ArraySlice<UInt8>) throws(SystemError) -> Int {
    let sent = bytes.withUnsafeBytes { cl_send(number, $0.baseAddress, $0.count) }
    if sent == -Int(EAGAIN) || sent == -Int(EINTR) { return 0 }
    return try checked(sent, "send")
  }

  /// Sends all of it, waiting as long as the socket's timeout allows.
  public func sendAll(_ bytes: [UInt8]) throws(SystemError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { cl_send_waiting(number, $0.baseAddress, $0.count) }
      if sent == -Int(EINTR) { continue }
      rest = rest.dropFirst(try checked(sent, "send"))
    }
  }

  /// Reads what is there: nil when nothing is there yet, empty at the end.
  public func readSome(upTo count: Int) throws(SystemError) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = bytes.withUnsafeMutableBytes { read(number, $0.baseAddress!, $0.count) }
    if got < 0, errno == EAGAIN || errno == EINTR { return nil }
    bytes.removeLast(count - (try checkedByErrno(got, "read")))
    return bytes
  }
}
