import Glibc
import Linux

/// Rejected folders that weren't empty. They stay in their stage, the newest few of each owner, so
/// that no user's folders push out another's. One that holds another user's files stays until root
/// looks at it.
enum KeptFolders {
  static let prefix = "kept-"
  static let perOwner = 4
  static let most = 256

  /// Keeps what was rejected under a name of its own, which it returns.
  static func keep(_ rejected: Restorer.Rejected, of uid: UInt32) -> String? {
    let stage = rejected.folder
    let name = "\(prefix)\(uid)-\(WallTime.now.microseconds)"
    do throws(SystemError) {
      try stage.descriptor.rename(
        rejected.name, to: stage.descriptor, FilePath(name), replacing: .nothing)
    } catch {
      return nil
    }
    let kept = ((try? stage.descriptor.names()) ?? []).filter { $0.text.hasPrefix(prefix) }
    for old in surplus(kept.map(\.text), uid: uid) {
      let folder = FilePath(old)
      guard let owner = owner(old),
        RejectedEntry.isWholly(folder, in: stage.descriptor, { $0.uid == owner })
      else { continue }
      RejectedEntry.removeTree(folder, in: stage.descriptor)
    }
    return name
  }

  /// Which of the kept folders are to go: the oldest of that owner, then the oldest of all.
  static func surplus(_ names: [String], uid: UInt32) -> [String] {
    let byAge = names.sorted { age($0) < age($1) }
    let own = Array(byAge.filter { $0.hasPrefix("\(prefix)\(uid)-") }.dropLast(perOwner))
    let rest = byAge.filter { !own.contains($0) }.dropLast(most)
    return own + rest
  }

  private static func owner(_ name: String) -> UInt32? {
    name.split(separator: "-").dropFirst().first.flatMap { UInt32($0) }
  }

  private static func age(_ name: String) -> Int64 {
    name.split(separator: "-").last.flatMap { Int64($0) } ?? 0
  }
}
