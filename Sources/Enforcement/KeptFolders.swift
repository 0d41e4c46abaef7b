import Glibc
import Linux

/// Rejected folders that weren't empty. They stay in their stage, the newest few of each owner, so
/// that no user's folders push out another's.
enum KeptFolders {
  static let prefix = "kept-"
  static let perOwner = 4
  static let most = 256

  /// Keeps what was rejected under a name of its own.
  static func keep(_ rejected: Restorer.Rejected, of uid: UInt32) -> String? {
    let stage = rejected.folder
    let name = "\(prefix)\(uid)-\(WallTime.now.microseconds)"
    do throws(SystemError) {
      try stage.descriptor.rename(
        rejected.name, to: stage.descriptor, FilePath(name), replacing: .nothing)
    } catch {
      return nil
    }
    return name
  }

  /// What is to go now that a folder of that user's came.
  static func removals(in stage: SharedFolder, of uid: UInt32) -> [TreeRemoval] {
    let kept = (try? stage.descriptor.names { $0.text.hasPrefix(prefix) }) ?? []
    // A lifted folder of a removal under way has a dot in its name.
    let names = kept.map(\.text).filter { !$0.contains(".") }
    return surplus(names, uid: uid).compactMap { name in
      let going = name.replacing(prefix, with: goingPrefix, maxReplacements: 1)
      guard
        (try? stage.descriptor.rename(
          FilePath(name), to: stage.descriptor, FilePath(going), replacing: .nothing)) != nil,
        let owner = owner(name)
      else { return nil }
      return TreeRemoval(FilePath(going), in: stage, owner: owner)
    }
  }

  /// Which of the kept folders are to go: the oldest of that owner, then the oldest of all.
  static func surplus(_ names: [String], uid: UInt32) -> [String] {
    let byAge = names.sorted { age($0) < age($1) }
    let own = Array(byAge.filter { $0.hasPrefix("\(prefix)\(uid)-") }.dropLast(perOwner))
    let rest = byAge.filter { !own.contains($0) }.dropLast(most)
    return own + rest
  }

  /// A folder that is being removed; the next start goes on with it.
  static let goingPrefix = "going-"

  /// Whether an entry of a stage is to stay there.
  static func stays(_ name: FilePath) -> Bool {
    name.text.hasPrefix(prefix) || name.text.hasPrefix(TreeRemoval.leftPrefix)
  }

  static func owner(_ name: String) -> UInt32? {
    name.split(separator: "-").dropFirst().first.flatMap { UInt32($0) }
  }

  private static func age(_ name: String) -> Int64 {
    name.split(separator: "-").last.flatMap { Int64($0) } ?? 0
  }
}
