import Foundation
import Support

/// What a user does to the file of a calm target; all but the last two in a single step.
enum Tampering: CaseIterable {
  case replaced, removed, symlink, fifo, opened, kiroMoved, overwritten, emptied

  /// Whether the daemon can only see it whole, so that it tells exactly one incident.
  var isOneStep: Bool { self != .overwritten && self != .emptied }

  /// Whether the incident names the bytes.
  var isMarked: Bool { self == .replaced || self == .overwritten }

  func apply(_ drift: MarkedDrift, home: String, to root: TemporaryRoot) {
    let file = "\(home)/.kiro/settings/mcp.json"
    let new = "\(home)/new"
    switch self {
    case .replaced: drift.apply(to: root, file)
    case .removed: unlink(root.at(file))
    case .symlink:
      root.link(new, to: "/tmp/\(drift.sha256)")
      root.move(new, file)
    case .fifo:
      mkfifo(root.at(new), 0o600)
      root.move(new, file)
    case .opened: chmod(root.at(file), 0o666)
    case .kiroMoved: root.move("\(home)/.kiro", "\(home)/aside-\(drift.sha256)")
    case .overwritten: root.write(file, drift.text)
    case .emptied: truncate(root.at(file), 0)
    }
  }
}

/// One tampering that was done, and what must come of it.
struct Done {
  var home: String
  var kind: Tampering
  var drift: MarkedDrift

  var file: String { "\(home)/.kiro/settings/mcp.json" }
}

/// Calls of the daemon that fail for a while.
enum Faults {
  static func random(_ generator: inout SeededGenerator) -> String {
    let count = Int.random(in: 1...60, using: &generator)
    let rules = [
      "call=create,write,mkdir path=/home errno=\(ENOSPC)",
      "call=create,write,mkdir path=/home errno=\(EDQUOT)",
      "call=create,write,mkdir,rename,unlink path=/home errno=\(EROFS) count=\(count)",
      "call=openat2 path=/home errno=\(EMFILE) count=\(count)",
      "call=openat2,stat path=/home errno=\(ENOMEM) count=\(count)",
      "call=open,read path=/home errno=\(EIO) count=\(count)",
      "call=open,dup errno=\(ENFILE) count=\(count)",
      "call=rename path=/home errno=\(EIO) count=\(count)",
      "call=fsync errno=\(EIO) count=\(count)",
      "call=watch errno=\(ENOMEM) count=\(count)",
      "call=accept errno=\(EMFILE) count=\(count)",
      "call=mutating path=/var/lib errno=\(EROFS)",
    ]
    return rules.randomElement(using: &generator)!
  }
}
