import Foundation
import Support
import Testing

/// A tampering whose restore is stepped through.
enum RestoreCase: String, CaseIterable, CustomTestStringConvertible {
  case replaced, removed, symlink, fullFolder, kiroRemoved, kiroSymlink, central, centralRemoved
  case ownMount, ownMountRemoved, ownMountKiroRemoved

  var testDescription: String { rawValue }

  var isOnOwnMount: Bool { rawValue.hasPrefix("ownMount") }

  var target: String {
    switch self {
    case .central, .centralRemoved: "etc/kiro/mcp.json"
    default: RunningDaemon.file
    }
  }

  /// Whether the rejected bytes are evidence.
  var leavesBytes: Bool { [.replaced, .central, .ownMount].contains(self) }

  func apply(_ drift: MarkedDrift, to daemon: RunningDaemon) {
    let root = daemon.root
    switch self {
    case .replaced, .central, .ownMount: drift.apply(to: root, target)
    case .removed, .centralRemoved, .ownMountRemoved: root.remove(target)
    case .symlink:
      root.link("home/alice/new", to: "/tmp/\(drift.sha256)")
      root.move("home/alice/new", target)
    case .fullFolder:
      root.makeFolder("home/alice/folder-\(drift.sha256)")
      root.write("home/alice/folder-\(drift.sha256)/\(drift.sha256)", drift.text)
      root.remove(target)
      root.move("home/alice/folder-\(drift.sha256)", target)
    case .kiroRemoved, .ownMountKiroRemoved: root.remove("home/alice/.kiro")
    case .kiroSymlink:
      root.move("home/alice/.kiro", "home/alice/kiro-\(drift.sha256)")
      root.link("home/alice/.kiro", to: "kiro-\(drift.sha256)")
    }
  }

  /// Whether the target still is as the tampering left it.
  func holds(_ drift: MarkedDrift, _ daemon: RunningDaemon) -> Bool {
    daemon.root.read(target) == drift.text
  }

  /// What the user had put in the way is somewhere still.
  func isSafe(_ drift: MarkedDrift, _ daemon: RunningDaemon) -> Bool {
    switch self {
    case .fullFolder:
      daemon.root.inventory("home").keys.contains { $0.hasSuffix("/\(drift.sha256)") }
    case .kiroSymlink:
      daemon.root.read("home/alice/kiro-\(drift.sha256)/settings/precious") != nil
    default: true
    }
  }

  /// Whether the tampering itself takes this away from its place.
  func takesAlong(_ path: String) -> Bool {
    switch self {
    case .kiroRemoved, .ownMountKiroRemoved, .kiroSymlink: path.contains("/.kiro/")
    default: false
    }
  }
}
