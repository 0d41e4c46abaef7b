import CBench
import Glibc

/// The ways to tamper.
enum Kind: String, CaseIterable {
  case overwrite
  case renameOver = "rename-over"
  case append
  case truncate
  case unlink
  case renameAway = "rename-away"
  case chmod
  case chown
  case symlink
  case directory
  case fifo
  case hardLink = "hard-link"
  case kiroRenamed = "kiro-renamed"
  case kiroRemoved = "kiro-removed"
  case kiroSymlink = "kiro-symlink"
  case settingsRenamed = "settings-renamed"
  case centralChanged = "central-changed"
  case newHome = "new-home"

  /// Only root can give a file away.
  static var possible: [Kind] { allCases.filter { $0 != .chown || geteuid() == 0 } }

  static func list(_ text: String) throws -> [Kind] {
    try text.split(separator: ",").map { name in
      guard let kind = possible.first(where: { $0.rawValue == name }) else {
        throw BenchError.usage("no kind of tampering \(name)")
      }
      return kind
    }
  }
}

/// One tampering, its material made before the clock runs.
struct Tampering {
  var kind: Kind
  var target: Target
  var strike: () throws -> Moment
  /// Takes away what it left beside the target.
  var cleanUp: () -> Void = {}
}

/// The last system call of a tampering.
struct Moment {
  var start: UInt64
  var end: UInt64

  static func of(_ name: String, _ path: String, _ call: () -> Bool) throws -> Moment {
    let start = bench_now()
    let done = call()
    let end = bench_now()
    guard done else { throw BenchError.system(name, path) }
    return Moment(start: start, end: end)
  }
}

extension Tampering {
  static func prepare(_ kind: Kind, _ target: Target, _ root: TestRoot) throws -> Tampering {
    switch kind {
    case .overwrite, .append, .truncate, .centralChanged:
      try write(kind, target, root)
    case .chmod, .chown:
      changeAttributes(kind, target)
    case .unlink, .renameAway:
      takeAway(kind, target)
    case .renameOver, .symlink, .fifo, .directory, .hardLink:
      try putInPlace(kind, target, root)
    case .kiroRenamed, .settingsRenamed, .kiroSymlink:
      try moveFolder(kind, target)
    case .kiroRemoved:
      try remakeFolder(target, root)
    case .newHome:
      try makeHome(target, root)
    }
  }
}
