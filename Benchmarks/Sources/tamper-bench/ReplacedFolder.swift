import CBench
import Glibc

/// Tampering with the folders above the file, and with homes.
extension Tampering {
  static func moveFolder(_ kind: Kind, _ target: Target) throws -> Tampering {
    let folder = kind == .settingsRenamed ? target.settings : target.kiro
    let away = "\(folder)-away"
    if kind == .kiroSymlink {
      // Swapped with the folder, it points to that folder under its new name.
      guard Glibc.symlink(".kiro-away", away) == 0 else { throw BenchError.system("symlink", away) }
      try Files.give(away, to: target.user)
    }
    return Tampering(kind: kind, target: target) {
      try Moment.of("rename", folder) {
        kind == .kiroSymlink ? bench_exchange(away, folder) == 0 : rename(folder, away) == 0
      }
    } cleanUp: {
      _ = bench_remove_tree(away)
    }
  }

  /// `.kiro` removed with all in it, then there again, empty. The daemon works against the
  /// removal, so it takes as many attempts as it takes; the clock starts after the last.
  static func remakeFolder(_ target: Target, _ root: TestRoot) throws -> Tampering {
    let empty = root.material()
    try Files.makeFolder(empty, owner: target.user)
    return Tampering(kind: .kiroRemoved, target: target) {
      for _ in 0..<10_000 {
        unlink(target.path)
        rmdir(target.settings)
        rmdir(target.kiro)
        // Fails if the daemon has made `.kiro` and something in it in between.
        let moment = try? Moment.of("rename", target.kiro) { rename(empty, target.kiro) == 0 }
        if let moment { return moment }
      }
      throw BenchError(message: "\(target.kiro): couldn't be removed")
    } cleanUp: {
      rmdir(empty)
    }
  }

  /// A home that appears whole, as it does when an image or a mover puts it there.
  static func makeHome(_ target: Target, _ root: TestRoot) throws -> Tampering {
    let material = root.material()
    try Files.makeFolder(material, owner: target.user)
    return Tampering(kind: .newHome, target: target) {
      try Moment.of("rename", target.homePath) { rename(material, target.homePath) == 0 }
    }
  }
}
