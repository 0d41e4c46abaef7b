import Foundation
import Support

/// Changes of what is mounted, seen by the daemon and its attackers alone: it runs in a mount
/// namespace of its own, so that nothing stays mounted once it is gone. A unit has one anyway, which
/// takes over what is mounted on its host; that is thrown away.
struct Mounts {
  /// What a daemon is started under.
  static let wrapper =
    InstalledUnit.isAttacked ? [] : ["unshare", "--mount", "--propagation", "private", "--"]

  let field: Field

  /// What an attacker, or a command, runs under to see the same.
  var wrapper: [String] {
    InstalledUnit.isAttacked
      ? [] : ["nsenter", "--target", "\(field.processID)", "--mount", "--"]
  }

  @discardableResult
  func run(_ command: [String]) -> Bool { Field.run(wrapper + command) == 0 }

  func bind(_ source: String, over place: String) -> Bool {
    run(["mount", "--bind", source, place])
  }

  func disk(over place: String, owner: uid_t, options: String = "mode=0700") -> Bool {
    run(["mount", "-t", "tmpfs", "-o", "\(options),uid=\(owner),gid=\(owner)", "none", place])
  }

  @discardableResult
  func unmount(_ place: String) -> Bool { run(["umount", "--lazy", place]) }

  /// The path as this process reaches it.
  func seen(_ path: String) -> String {
    InstalledUnit.isAttacked ? path : "/proc/\(field.processID)/root\(path)"
  }

  func seen(_ home: Home) -> Home {
    Home(root: seen(home.root), name: home.name, uid: home.uid)
  }

  /// A file system at that place that answers late (each time after so many microseconds) or, without
  /// a time, never.
  func hang(over place: String, owner: uid_t, tenths: Int, delay: Int? = nil) -> Attacker {
    let hanging = field.attack(
      "fuse", rounds: tenths, [place, "\(owner)", delay.map(String.init) ?? "never"], asRoot: true,
      in: "/", under: wrapper)
    _ = eventually { hanging.text.contains("mounted") }
    return hanging
  }
}
