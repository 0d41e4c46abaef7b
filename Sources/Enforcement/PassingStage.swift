import Glibc
import Linux

/// A stage that is made for one restore in a folder its user can write, and goes with it.
///
/// The user can rename it or put another folder in its place, so nothing counts but what the
/// descriptor says: a folder of the daemon's own user that no one else may enter, on the same mount.
/// No user can make one. Its name is a new one each time, so that nothing can lie in wait for it.
struct PassingStage: Sendable {
  let folder: SharedFolder
  let parent: SharedFolder
  let name: FilePath

  private static let prefix = ".mcpolicyd."
  /// Who is swapped away so often is being fought; the next look is soon.
  private static let attempts = 8

  init(in parent: SharedFolder, maker: UInt32) throws(SystemError) {
    var failure = SystemError("stage", Self.prefix, errno: EAGAIN)
    for _ in 0..<Self.attempts {
      let name = FilePath("\(Self.prefix)\(UInt64.random(in: 0...UInt64.max))")
      do throws(SystemError) {
        try parent.descriptor.makeFolder(name, permissions: 0o700)
        if let folder = try Self.made(name, in: parent.descriptor, maker: maker) {
          self.init(folder: SharedFolder(folder), parent: parent, name: name)
          return
        }
      } catch {
        // Taken away or replaced before it was opened.
        guard [ENOENT, ENOTDIR, ELOOP, EEXIST].contains(error.errno) else { throw error }
        failure = SystemError("stage", name.text, errno: EAGAIN)
      }
    }
    throw failure
  }

  private init(folder: SharedFolder, parent: SharedFolder, name: FilePath) {
    self.folder = folder
    self.parent = parent
    self.name = name
  }

  /// What was just made, or nothing is left of it.
  private static func made(
    _ name: FilePath, in parent: borrowing Descriptor, maker: UInt32
  ) throws(SystemError) -> Descriptor? {
    do throws(SystemError) {
      if let folder = try open(name, in: parent, maker: maker) { return folder }
    } catch {
      try? parent.removeFolder(name)
      throw error
    }
    // At worst an empty folder that a user put in its place.
    try? parent.removeFolder(name)
    return nil
  }

  /// Nil for a folder that isn't the daemon's alone.
  private static func open(
    _ name: FilePath, in parent: borrowing Descriptor, maker: UInt32
  ) throws(SystemError) -> Descriptor? {
    let folder = try parent.open(name, O_RDONLY | O_DIRECTORY)
    let status = try folder.status()
    guard status.uid == maker, status.permissions == 0o700,
      status.mount == (try parent.status()).mount
    else { return nil }
    return folder
  }

  /// Removes it unless something kept is in it; false if it can't be done now.
  @discardableResult
  func close() -> Bool {
    do throws(SystemError) {
      try parent.descriptor.removeFolder(name)
      return true
    } catch {
      return [ENOENT, ENOTDIR, ENOTEMPTY, EEXIST].contains(error.errno)
    }
  }

  /// Each killed run leaves one; what is more is a user's.
  private static let mostLeftovers = 64

  /// What runs that were killed left in that folder. An error is one that may be over later.
  static func leftovers(
    in parent: SharedFolder, maker: UInt32
  ) throws(SystemError) -> [Restorer.Rejected] {
    let names = try parent.descriptor.names(limit: mostLeftovers) { $0.text.hasPrefix(prefix) }
    var left: [Restorer.Rejected] = []
    for name in names {
      guard let found = try standing(name, in: parent.descriptor, maker: maker) else { continue }
      let stage = PassingStage(folder: SharedFolder(found), parent: parent, name: name)
      let entries = try stage.folder.descriptor.names().filter { !KeptFolders.stays($0) }
      if entries.isEmpty { stage.close() }
      left += entries.map { Restorer.Rejected(folder: stage.folder, name: $0, passing: stage) }
    }
    return left
  }

  /// Nil for what isn't such a stage, or went meanwhile.
  private static func standing(
    _ name: FilePath, in parent: borrowing Descriptor, maker: UInt32
  ) throws(SystemError) -> Descriptor? {
    do throws(SystemError) {
      return try open(name, in: parent, maker: maker)
    } catch {
      if [ENOENT, ENOTDIR, ELOOP, EACCES].contains(error.errno) { return nil }
      throw error
    }
  }
}
