import Glibc
import Linux

/// What the daemon made in a stage, and takes away again.
enum RejectedEntry {
  /// Removes whatever has the name; a folder with everything in it, which must be the daemon's own
  /// making. What was ever a user's is cleared away by `TreeRemoval`.
  static func remove(_ name: FilePath, in folder: borrowing Descriptor) {
    do throws(SystemError) {
      try folder.unlink(name)
    } catch {
      guard error.errno == EISDIR || error.errno == EPERM else { return }
      guard let stage = try? folder.reopenedFolder() else { return }
      var removal = TreeRemoval(name, in: SharedFolder(stage), owner: nil)
      while removal.step() {}
    }
  }

  /// More than the daemon ever makes at once: folders down to the file.
  private static let ownLimit = 64

  /// Whether it looks like a copy that was being made ready, with folders to hold it.
  static func isOwnMaking(_ name: FilePath, in stage: borrowing Descriptor) -> Bool {
    guard let status = try? stage.status(of: name) else { return true }
    guard status.type == .directory else { return status.isOwnFile }
    guard let top = try? OpenAt2.fallback(name, in: stage, mayCross: false) else { return false }
    var waiting = [SharedFolder(top)]
    var seen = 0
    while let folder = waiting.popLast() {
      guard let names = try? folder.descriptor.names(limit: ownLimit) else { return false }
      for entry in names {
        seen += 1
        guard seen < ownLimit, let status = try? folder.descriptor.status(of: entry) else {
          return false
        }
        if status.isOwnFile { continue }
        guard status.type == .directory,
          let child = try? OpenAt2.fallback(entry, in: folder.descriptor, mayCross: false)
        else { return false }
        waiting.append(SharedFolder(child))
      }
    }
    return true
  }
}

extension FileStatus {
  /// Whether it looks like a copy: no user can make a file of the daemon's own or root's, and a copy
  /// has these modes when it is ready and while it is made.
  fileprivate var isOwnFile: Bool {
    guard uid == 0 || uid == Process.uid, links == 1 else { return false }
    return type == .symlink || type == .regular && [0o444, 0].contains(permissions)
  }
}
