import Glibc
import Linux

/// A stage that is made for one restore in a folder its user can write, and goes with it.
///
/// The user can rename it or put another folder in its place, so nothing counts but what the
/// descriptor says: a folder of the daemon's own user that no one else may enter, on the same mount.
/// No user can make one.
enum PassingStage {
  static let name: FilePath = ".mcpolicyd"

  static func open(
    in parent: borrowing Descriptor, maker: UInt32
  ) throws(SystemError) -> Descriptor {
    do throws(SystemError) {
      try parent.makeFolder(name, permissions: 0o700)
    } catch {
      guard error.errno == EEXIST else { throw error }
    }
    let stage = try parent.open(name, O_RDONLY | O_DIRECTORY)
    let status = try stage.status()
    guard status.uid == maker, status.permissions == 0o700,
      status.mount == (try parent.status()).mount
    else {
      // Something of the user's in the way: it is moved aside, whatever it is.
      let aside = FilePath("\(name.text).\(UInt64.random(in: 0...UInt64.max))")
      try parent.rename(name, to: parent, aside, replacing: .nothing)
      throw SystemError("stage", name.text, errno: EAGAIN)
    }
    return stage
  }

  /// Removes it unless another restore, or something kept, is in it.
  static func close(in parent: borrowing Descriptor) {
    try? parent.removeFolder(name)
  }
}
