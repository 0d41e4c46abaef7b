import MCPConfig

/// What is on disk at a target, as a safe read found it.
public enum Observation: Sendable {
  case regular(ObservedFile)
  /// A file that isn't its user's and that they may not read; so nothing is told of its content.
  case foreign(uid: UInt32)
  case missing
  case symlink(text: ByteString)
  /// Something else has the file's name: a directory, a FIFO, a socket, a device.
  case other(type: String)
  case tooLarge(size: UInt64)
  /// A folder on the way isn't one that may lead to the file.
  case obstructed(Obstacle)
  /// The read failed for a reason that isn't the user's doing, or that the kernel doesn't tell.
  case unreachable(reason: String)
}

/// A regular file's content and what the kernel says of it.
public struct ObservedFile: Sendable {
  public var bytes: [UInt8]
  public var uid: UInt32
  public var gid: UInt32
  /// The twelve permission bits.
  public var permissions: UInt32
  public var links: UInt32

  public init(bytes: [UInt8], uid: UInt32, gid: UInt32, permissions: UInt32, links: UInt32) {
    self.bytes = bytes
    self.uid = uid
    self.gid = gid
    self.permissions = permissions
    self.links = links
  }
}

/// What stands where a folder should be.
public struct Obstacle: Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    case symlink
    case notFolder(type: String)
    case foreignOwner(uid: UInt32)
    case mount
  }

  /// The path from the home to the folder.
  public var folder: String
  public var reason: Reason

  public init(folder: String, reason: Reason) {
    self.folder = folder
    self.reason = reason
  }

  public var message: String {
    switch reason {
    case .symlink: "\"\(folder)\" is a symlink where a folder belongs"
    case .notFolder(let type): "\"\(folder)\" is a \(type) where a folder belongs"
    case .foreignOwner(let uid): "\"\(folder)\" belongs to another user (uid \(uid))"
    case .mount: "something is mounted at \"\(folder)\""
    }
  }
}
