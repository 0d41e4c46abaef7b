import Glibc
import Linux
import MCPConfig
import Policy

/// What a copy at a target is: its content, whose it is, and who may do what with it.
struct StagedForm: Sendable {
  enum Body: Sendable {
    case file([UInt8])
    case link(to: FilePath)
  }

  var body: Body
  var uid: UInt32
  var gid: UInt32
  var permissions: UInt32

  /// Makes it under a name that nothing has yet, in a folder.
  func make(_ name: FilePath, in folder: borrowing Descriptor, durable: Bool) throws(SystemError) {
    switch body {
    case .link(let text):
      try folder.makeSymlink(name, to: text)
      try? folder.setOwnerOfLink(name, uid: uid, gid: gid)
    case .file(let bytes):
      // Without any right until it is whole: by that a later run knows what this one left.
      let file = try folder.open(name, O_WRONLY | O_CREAT | O_EXCL, mode: 0)
      do throws(SystemError) {
        try file.writeAll(bytes)
        try apply(to: file)
        if durable { try file.sync() }
      } catch {
        try? folder.unlink(name)
        throw error
      }
    }
  }

  /// Owner before mode: a change of owner takes set-id bits away, and the daemon may lose the right
  /// to change the mode of a file that isn't its own any more.
  func apply(to file: borrowing Descriptor) throws(SystemError) {
    let status = try file.status()
    if status.permissions != permissions { try file.setPermissions(permissions) }
    if status.uid != uid || status.gid != gid { try file.setOwner(uid: uid, gid: gid) }
  }

  /// What a folder made on the way to the target is: the user's own, and closed to others.
  struct Folder: Sendable {
    var uid: UInt32
    var gid: UInt32
    var permissions: UInt32
  }
}

/// Which ready-made copies are alike: those of the same content and form, whoever gets them.
struct StagedKind: Hashable, Sendable {
  var sha256: SHA256Digest
  var isLink: Bool
  var permissions: UInt32
  var uid: UInt32
  /// Whether many users get copies of this kind, so that some should stand ready from the start.
  var isShared: Bool
}
