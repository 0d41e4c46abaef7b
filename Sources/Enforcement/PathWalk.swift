import CLinux
import Glibc
import Linux

/// What a walk from an anchor towards a file came to.
struct PathWalk: ~Copyable {
  /// The deepest folder that may be trusted to lead on.
  let folder: Descriptor
  /// How many folders below the anchor it is.
  let level: Int
  /// Why it goes no further; nil when `folder` holds the file.
  let stop: Stop?
  /// The folders from the first below the anchor to `folder`.
  let folders: [WatchedFolder]

  enum Stop: Hashable {
    case missing
    case symlink
    case notFolder(type: String)
    case foreignOwner(uid: UInt32)
    case mount
    case failed(SystemError)
  }
}

/// A folder on the way, and the watch on it; no watch if the kernel refused one.
struct WatchedFolder: Hashable, Sendable {
  var identity: FileIdentity
  var watch: WatchID?
  /// Whether it has the sticky bit, as a held folder has.
  var isSticky: Bool
}

/// Walks component by component through folders that a hostile user may change at any moment.
struct PathWalker {
  let anchor: Anchor
  /// Folder names and, last, the file's name.
  let components: [FilePath]
  let rules: WalkRules
  let adder: WatchAdder?

  /// - Parameter known: what an earlier walk found, whose watches still stand.
  /// - Parameter refused: set to the kernel's reason if a watch could not be had.
  func walk(known: [WatchedFolder], refused: inout SystemError?) throws(SystemError) -> PathWalk {
    var folder = try anchor.folder.duplicate()
    var folders: [WatchedFolder] = []
    let last = components.count - 1
    for level in 0..<last {
      switch Self.open(components[level], in: folder, anchor: anchor, rules: rules, level: level) {
      case .stopped(let stop):
        return PathWalk(folder: folder, level: level, stop: stop, folders: folders)
      case .opened(let child, let status):
        let identity = status.identity
        // The watch first, then the look inside: what changes in between is then told.
        let earlier = level < known.count ? known[level] : nil
        var watch = earlier?.identity == identity ? earlier?.watch : nil
        if watch == nil, let adder {
          do throws(SystemError) {
            let mask = level == last - 1 ? WatchAdder.content : WatchAdder.structure
            watch = try adder.watch(child, mask)
          } catch {
            refused = error
          }
        }
        folders.append(
          WatchedFolder(
            identity: identity, watch: watch, isSticky: status.permissions & 0o1000 != 0))
        folder = child
      }
    }
    return PathWalk(folder: folder, level: last, stop: nil, folders: folders)
  }

  /// The folder of the file in one step, if it is still the one that an earlier walk found.
  func shortcut(to known: WatchedFolder) -> Descriptor? {
    guard let folder = openFolder(), (try? folder.status())?.identity == known.identity else {
      return nil
    }
    return folder
  }

  /// The folder of the file in one step; nil where only a walk can tell more. Whose the folders are isn't
  /// looked at.
  func openFolder() -> Descriptor? {
    // One step without crossing mounts can't enter a home that is one.
    guard !rules.homeIsMount, !OpenAt2.isMissing.isSet else { return nil }
    let number = withFolderPath {
      cl_openat2(
        anchor.folder.number, $0, CL_O_PATH | CL_O_DIRECTORY, 0, OpenAt2.resolve(rules, level: 1))
    }
    return number >= 0 ? Descriptor(owning: number) : nil
  }

  /// Calls `body` with the folder's path from the anchor, without an allocation: it is needed for each
  /// look, and kept for none.
  private func withFolderPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    let folders = components.dropLast()
    let size = folders.reduce(0) { $0 + $1.bytes.count + 1 }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: max(size, 1)) { path in
      var end = 0
      for folder in folders {
        if end > 0 { path[end - 1] = CChar(UInt8(ascii: "/")) }
        end += folder.copy(to: path, at: end)
      }
      if end == 0 { path[0] = 0 }
      return body(path.baseAddress!)
    }
  }

  enum Step: ~Copyable {
    case opened(Descriptor, FileStatus)
    case stopped(PathWalk.Stop)
  }

  private static func open(
    _ name: FilePath, in folder: borrowing Descriptor, anchor: Anchor, rules: WalkRules, level: Int
  ) -> Step {
    do throws(SystemError) {
      let child = try OpenAt2.folder(name, in: folder, rules: rules, level: level)
      let status = try child.status()
      guard rules.owners.contains(status.uid) else {
        return .stopped(.foreignOwner(uid: status.uid))
      }
      return .opened(child, status)
    } catch {
      return .stopped(reason(error, name, folder))
    }
  }

  private static func reason(
    _ error: SystemError, _ name: FilePath, _ folder: borrowing Descriptor
  ) -> PathWalk.Stop {
    switch error.errno {
    case ENOENT: return .missing
    case EXDEV: return .mount
    case ELOOP, ENOTDIR:
      // Gone or a folder again in between: the next look decides.
      guard let type = (try? folder.statusIfExists(of: name))??.type, type != .directory else {
        return .missing
      }
      return type == .symlink ? .symlink : .notFolder(type: type.rawValue)
    default: return .failed(error)
    }
  }
}

/// What a folder on the way must be.
struct WalkRules: Sendable {
  /// Who may own it: the user and root.
  var owners: FolderOwners
  /// Whether anything may be mounted on the way. Only root's own paths may cross mounts.
  var mayCrossMounts: Bool
  /// Whether the first folder, a home, is a mount of its own.
  var homeIsMount: Bool
}
