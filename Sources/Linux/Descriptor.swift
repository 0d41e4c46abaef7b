import CLinux
import Glibc

/// An open file descriptor with one owner; it closes when the owner lets go.
public struct Descriptor: ~Copyable, Sendable {
  public let number: Int32

  /// Takes over a descriptor that nothing else will close.
  public init(owning number: Int32) {
    self.number = number
  }

  deinit {
    close(number)
  }

  /// `/proc/self/fd/N`: what this descriptor holds, whatever its name has become.
  public var procPath: FilePath { FilePath("/proc/self/fd/\(number)") }
}

// MARK: Opening

extension Descriptor {
  /// Opens an absolute path that only root can change.
  public static func open(
    trusted path: FilePath, _ flags: Int32 = O_RDONLY, mode: UInt32 = 0
  ) throws(SystemError) -> Descriptor {
    let number = path.withCString { cl_openat(AT_FDCWD, $0, flags, mode) }
    return Descriptor(owning: try checked(number, "open", path.text))
  }

  /// The bytes of a file that only root can change; nil for more than `limit`. Nothing that stands there
  /// is waited for: a FIFO without a writer is empty.
  public static func readAll(
    trusted path: FilePath, limit: Int
  ) throws(SystemError) -> [UInt8]? {
    try open(trusted: path, O_RDONLY | O_NONBLOCK).readAll(limit: limit)
  }

  /// Opens one name in this folder. A symlink of that name is never followed.
  public func open(
    _ name: FilePath, _ flags: Int32, mode: UInt32 = 0
  ) throws(SystemError) -> Descriptor {
    let number = name.withCString { cl_openat(self.number, $0, flags | CL_O_NOFOLLOW, mode) }
    return Descriptor(owning: try checked(number, "open", name.text))
  }

  /// Opens the folder that this descriptor refers to anew, by which a path-only descriptor becomes
  /// one that can be listed and synced.
  public func reopenedFolder() throws(SystemError) -> Descriptor {
    let number = FilePath(".").withCString {
      cl_openat(self.number, $0, O_RDONLY | CL_O_DIRECTORY, 0)
    }
    return Descriptor(owning: try checked(number, "open", "."))
  }

  public func duplicate() throws(SystemError) -> Descriptor {
    Descriptor(owning: try checkedByErrno(fcntl(number, F_DUPFD_CLOEXEC, 3), "dup"))
  }
}

// MARK: Reading and writing

extension Descriptor {
  /// Everything up to `limit` bytes; nil when there is more.
  public func readAll(limit: Int, sizeHint: Int = 0) throws(SystemError) -> [UInt8]? {
    var bytes: [UInt8] = []
    var capacity = min(sizeHint, limit) + 1
    while true {
      var failure: Int32 = 0
      let space = capacity - bytes.count
      let count = bytes.count
      bytes.append(contentsOf: repeatElement(0, count: space))
      let got = bytes.withUnsafeMutableBytes { buffer in
        let result = read(number, buffer.baseAddress! + count, space)
        failure = errno
        return result
      }
      bytes.removeLast(space - max(got, 0))
      if got < 0 {
        if failure == EINTR { continue }
        throw SystemError("read", errno: failure)
      }
      if got == 0 { return bytes }
      if bytes.count > limit { return nil }
      // A file that was as long as this reads to its end: no second call to hear so.
      if bytes.count == sizeHint, got < space { return bytes }
      if bytes.count == capacity { capacity = min(max(capacity * 2, 4096), limit + 1) }
    }
  }

  public func writeAll(_ bytes: [UInt8]) throws(SystemError) {
    var written = 0
    while written < bytes.count {
      let result = bytes.withUnsafeBytes {
        write(number, $0.baseAddress! + written, $0.count - written)
      }
      if result < 0, errno == EINTR { continue }
      written += try checkedByErrno(result, "write")
    }
  }

  /// Makes what was written durable: data and size, or a folder's entries.
  public func sync() throws(SystemError) {
    _ = try checkedByErrno(fsync(number), "fsync")
  }
}

extension Descriptor {
  /// Sets a descriptor that a C library owns to close on exec and never to block.
  public static func makeNonblocking(_ number: Int32) throws(SystemError) {
    _ = try checked(cl_set_close_on_exec_and_nonblocking(number), "fcntl")
  }
}

extension Descriptor {
  /// At most `limit` bytes from where the descriptor stands.
  public func readStart(limit: Int) throws(SystemError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < limit {
      guard let more = try readSome(upTo: min(limit - bytes.count, 1 << 16)), !more.isEmpty else {
        break
      }
      bytes += more
    }
    return bytes
  }
}
