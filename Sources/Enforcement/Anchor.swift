import CLinux
import Glibc
import Linux

/// A trusted folder that a walk starts from: where homes lie, or the root for the central target.
final class Anchor: Sendable {
  let path: FilePath
  let folder: Descriptor
  let mount: UInt64
  private let identity: FileIdentity
  /// Whether reading there can't wait for another host or a user's process.
  let isLocal: Bool
  /// Whether every change there raises an event.
  let tellsEvents: Bool

  init(path: FilePath) throws(SystemError) {
    self.path = path
    folder = try Descriptor.open(trusted: path, CL_O_PATH | CL_O_DIRECTORY)
    mount = try folder.status().mount
    let kind = try FileSystemKind(of: folder)
    isLocal = kind == .local
    tellsEvents = kind == .local
    identity = try folder.status().identity
  }

  /// Whether its path still leads to this folder, and nothing was mounted over it.
  var isCurrent: Bool {
    guard let status = FileStatus.ofTrusted(path) else { return false }
    return status.identity == identity && status.mount == mount
  }
}

/// What can be expected of a file system.
enum FileSystemKind {
  /// Answers by itself, and tells every change.
  case local
  /// May wait for another host or a user's process, and doesn't tell changes made elsewhere.
  case remote

  init(of folder: borrowing Descriptor) throws(SystemError) {
    var magic: Int64 = 0
    let result = cl_file_system(folder.number, &magic)
    if result < 0 { throw SystemError("statfs", errno: -result) }
    self = Self.localMagics.contains(magic) ? .local : .remote
  }

  /// ext2 to ext4, XFS, btrfs, tmpfs, F2FS, ZFS, overlayfs, bcachefs: the numbers of statfs(2).
  private static let localMagics: Set<Int64> = [
    0xEF53, 0x5846_5342, 0x9123_683E, 0x0102_1994, 0xF2F5_2010, 0x2FC1_2FC1, 0x794C_7630,
    0xCA45_1A4E,
  ]
}
