import CLinux
import Glibc
import Linux

/// Clears away what a restore took out of a home. Nothing of it is followed or trusted.
enum RejectedEntry {
  /// Removes whatever has the name; a folder with everything in it.
  static func remove(_ name: FilePath, in folder: borrowing Descriptor) {
    do throws(SystemError) {
      try folder.unlink(name)
    } catch {
      guard error.errno == EISDIR || error.errno == EPERM else { return }
      removeTree(name, in: folder)
    }
  }

  /// Removes a tree without recursion, so that no depth of a hostile one can exhaust the stack: a
  /// folder that isn't empty has its folders moved up beside it first.
  static func removeTree(_ name: FilePath, in parent: borrowing Descriptor) {
    var counter = 0
    var waiting = [name]
    while let next = waiting.popLast() {
      guard let folder = try? OpenAt2.fallback(next, in: parent, mayCross: false),
        let names = try? folder.names()
      else { continue }
      for entry in names {
        if (try? folder.unlink(entry)) != nil { continue }
        counter += 1
        let lifted = FilePath("\(name.text).\(counter)")
        if (try? folder.rename(entry, to: parent, lifted, replacing: .nothing)) != nil {
          waiting.append(lifted)
        }
      }
      try? parent.removeFolder(next)
    }
  }

  /// Entries of a tree that are looked at.
  private static let lookLimit = 100_000

  /// Whether everything in the tree is such as the caller says; not if there is very much of it.
  static func isWholly(
    _ name: FilePath, in parent: borrowing Descriptor, _ isSuch: (FileStatus) -> Bool
  ) -> Bool {
    guard let root = try? OpenAt2.fallback(name, in: parent, mayCross: false) else { return false }
    var waiting = [SharedFolder(root)]
    var seen = 0
    while let folder = waiting.popLast() {
      guard let own = try? folder.descriptor.status(), isSuch(own),
        let names = try? folder.descriptor.names()
      else { return false }
      for entry in names {
        seen += 1
        // Every folder that waits holds a descriptor.
        guard seen < lookLimit, waiting.count < 256,
          let status = try? folder.descriptor.status(of: entry), isSuch(status)
        else { return false }
        guard status.type == .directory else { continue }
        guard let child = try? OpenAt2.fallback(entry, in: folder.descriptor, mayCross: false)
        else { return false }
        waiting.append(SharedFolder(child))
      }
    }
    return true
  }
}
