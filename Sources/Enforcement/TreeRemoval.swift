import CLinux
import Glibc
import Linux

/// Removes a folder with everything in it, a bounded piece at a time and in bounded memory.
///
/// Nothing is followed or trusted, and there is no recursion: a folder that isn't empty has its
/// folders moved up beside it first. Its user may still hold folders of the tree open and move things
/// into them, so only folders that belong to `owner` are emptied: whoever owns a folder may remove
/// what is in it.
struct TreeRemoval: Sendable {
  private let stage: SharedFolder
  private let name: FilePath
  /// Nil for a tree that the daemon made and no user ever had.
  private let owner: UInt32?
  /// Folders to be emptied, the next one last.
  private var waiting: [FilePath]
  private var counter = 0

  /// Entries that one step removes.
  private static let stepSize = 512
  /// Folders that may wait at a time: one for each level, and a few beside.
  private static let waitingLimit = 4096

  init(_ name: FilePath, in stage: SharedFolder, owner: UInt32?) {
    self.stage = stage
    self.name = name
    self.owner = owner
    waiting = [name]
  }

  var isOver: Bool { waiting.isEmpty }

  /// Does a piece of the work; false when there is none left.
  mutating func step() -> Bool {
    guard let next = waiting.last else { return false }
    guard let folder = try? OpenAt2.fallback(next, in: stage.descriptor, mayCross: false),
      isOwners(folder)
    else {
      leave(next)
      return !waiting.isEmpty
    }
    let names = (try? folder.names(limit: Self.stepSize)) ?? []
    var progress = 0
    for entry in names {
      if (try? folder.unlink(entry)) != nil {
        progress += 1
      } else if lift(entry, from: folder) {
        // Deep first, or a folder of folders would have all of them wait.
        return true
      }
    }
    if names.isEmpty || progress == 0 {
      waiting.removeAll { $0 == next }
      if (try? stage.descriptor.removeFolder(next)) == nil { leave(next) }
    }
    return !waiting.isEmpty
  }

  private func isOwners(_ folder: borrowing Descriptor) -> Bool {
    guard let owner else { return true }
    return (try? folder.status())?.uid == owner
  }

  private mutating func lift(_ entry: FilePath, from folder: borrowing Descriptor) -> Bool {
    guard waiting.count < Self.waitingLimit, let status = try? folder.status(of: entry),
      status.type == .directory, owner == nil || status.uid == owner
    else { return false }
    counter += 1
    let lifted = FilePath("\(name.text).\(counter)")
    let moved: ()? = try? folder.rename(entry, to: stage.descriptor, lifted, replacing: .nothing)
    if moved != nil { waiting.append(lifted) }
    return moved != nil
  }

  /// Another user's, or what can't be opened: it stays for root to look at.
  private mutating func leave(_ folder: FilePath) {
    waiting.removeAll { $0 == folder }
    let name = FilePath("\(Self.leftPrefix)\(UInt64.random(in: 0...UInt64.max))")
    try? stage.descriptor.rename(folder, to: stage.descriptor, name, replacing: .nothing)
  }

  /// What can't be removed has a name of its own, so that nobody tries again.
  static let leftPrefix = "left-"
}
