import CLinux
import Glibc

/// What the kernel says of a file. Times are nanoseconds since the epoch.
public struct FileStatus: Hashable, Sendable {
  public var identity: FileIdentity
  public var mount: UInt64
  public var type: FileType
  /// The twelve permission bits.
  public var permissions: UInt32
  public var uid: UInt32
  public var gid: UInt32
  public var links: UInt32
  public var size: UInt64
  public var modified: Int64
  public var changed: Int64

  init(_ status: cl_status) {
    identity = FileIdentity(device: status.device, inode: status.inode)
    mount = status.mount
    type = FileType(mode: status.mode)
    permissions = status.mode & 0o7777
    uid = status.uid
    gid = status.gid
    links = status.links
    size = status.size
    modified = status.modified
    changed = status.changed
  }
}

/// Which file it is, whatever it is called.
public struct FileIdentity: Hashable, Sendable {
  public var device: UInt64
  public var inode: UInt64
}

public enum FileType: String, Sendable {
  case regular = "regular file"
  case directory
  case symlink
  case fifo = "FIFO"
  case socket
  case characterDevice = "character device"
  case blockDevice = "block device"
  case unknown

  init(mode: UInt32) {
    self =
      switch mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      case S_IFLNK: .symlink
      case S_IFIFO: .fifo
      case S_IFSOCK: .socket
      case S_IFCHR: .characterDevice
      case S_IFBLK: .blockDevice
      default: .unknown
      }
  }
}

extension FileStatus {
  /// The status of an absolute path that only root can change; nil if there is nothing.
  public static func ofTrusted(_ path: FilePath) -> FileStatus? {
    var status = cl_status()
    let result = path.withCString { cl_status(AT_FDCWD, $0, &status) }
    return result < 0 ? nil : FileStatus(status)
  }
}

extension Descriptor {
  public func status() throws(SystemError) -> FileStatus {
    try status(of: Self.itself)
  }

  /// The status of one name in this folder, never of what a symlink points to.
  public func status(of name: FilePath) throws(SystemError) -> FileStatus {
    var status = cl_status()
    let result = name.withCString { cl_status(number, $0, &status) }
    _ = try checked(result, "stat", name.text)
    return FileStatus(status)
  }

  /// The same, with nil for a name that doesn't exist.
  public func statusIfExists(of name: FilePath) throws(SystemError) -> FileStatus? {
    var status = cl_status()
    let result = name.withCString { cl_status(number, $0, &status) }
    if result == -ENOENT { return nil }
    _ = try checked(result, "stat", name.text)
    return FileStatus(status)
  }

  private static let itself: FilePath = ""
}
