import CAttributes
import Foundation
import MCPConfig
import Support

/// A daemon, a user who attacks it, and everything around that must stay as it is.
final class Field {
  /// Empty for the machine's own.
  let root: String
  let attacker: Home
  let other: Home
  /// Whose target is tampered with to see that nobody is forgotten.
  let bystander: Home
  let daemon: any AttackedDaemon
  let approved: Data

  /// - Parameter prepare: called before the daemon starts.
  /// - Parameter wrapper: what the daemon runs under.
  init(
    access: String = "read-only", sweep: Int = 300, under wrapper: [String] = [],
    prepare: (any AttackedDaemon) -> Void = { _ in }
  ) {
    let homes = ["alice", "bob", "carol"]
    let policy = RunningDaemon.policy(access: access, sweep: sweep)
    daemon =
      InstalledUnit.isAttacked
      ? InstalledUnit(homes: homes, policy: policy) : RunningDaemon(homes: homes, policy: policy)
    root = daemon.root.path
    attacker = Self.home(root, "alice", access)
    other = Self.home(root, "bob", access)
    bystander = Self.home(root, "carol", access)
    Self.makeDecoys(daemon.root, other)
    prepare(daemon)
    daemon.start([], under: wrapper)
    let approve =
      [Self.program("mcpolicyctl"), "approve", daemon.root.at("etc/mcpolicyd/mcp.json"), "--yes"]
      + Self.place(root)
    _ = eventually { Self.run(approve) == 0 }
    // The last that a start leaves behind, a moment after the rest.
    _ = eventually { [root = daemon.root] in root.status("var/lib/mcpolicyd/ledger-mark") != nil }
    _ = eventually { [attacker, other] in
      attacker.approvedBytes != nil && other.approvedBytes != nil
    }
    approved = attacker.approvedBytes ?? Data()
  }

  deinit {
    if daemon.processID > 0 { daemon.signal(SIGKILL) }
    // Names too long or too odd for Foundation.
    _ = Self.run(["rm", "-rf", "--one-file-system", "\(root)/home"])
  }

  private static func home(_ root: String, _ name: String, _ access: String = "") -> Home {
    var status = stat()
    lstat("\(root)/home/\(name)", &status)
    return Home(root: root, name: name, uid: status.st_uid, isWritable: access == "user-writable")
  }

  /// Files that lie where an attack may lead: made like `.kiro`, and in part for root only.
  private static func makeDecoys(_ root: TemporaryRoot, _ other: Home) {
    root.makeFolder("etc/decoy/settings")
    root.write("etc/decoy/passwd", "root:x:0:0:root:/root:/bin/sh\n")
    root.write("etc/decoy/shadow", "root:*:19000:0:99999:7:::\n", mode: 0o600)
    root.write(
      "etc/decoy/settings/mcp.json", #"{"mcpServers":{"roots-own":{"command":"x"}}}"#, mode: 0o600)
    precondition(attribute_set(root.at("etc/decoy/passwd"), "user.decoy", "kept", 4) == 0)
    other.makeFolder("private")
    other.write("private/key", "a key of someone else's\n")
    other.write("public", "anyone may read this\n", mode: 0o644)
  }

  /// The socket of this daemon.
  var socket: String { "\(root)/run/mcpolicyd/control.sock" }
  /// A folder made like `.kiro` that belongs to root.
  var victim: String { "\(root)/etc/decoy" }

  var decoys: Decoys {
    Decoys(
      trees: ["\(root)/etc", other.path, "\(root)/var/lib/mcpolicyd/baseline"],
      lists: ["\(root)/", "\(root)/home", "\(root)/var/lib/mcpolicyd"])
  }

  /// A program of the project's, as it is installed where the unit is attacked.
  static func program(_ name: String) -> String {
    InstalledUnit.isAttacked ? "/usr/bin/\(name)" : "\(RunningDaemon.products)/\(name)"
  }

  var isApproved: Bool { attacker.approvedBytes == approved }

  /// What tells `mcpolicyctl` where the daemon is.
  static func place(_ root: String) -> [String] { root.isEmpty ? [] : ["--root", root] }

  func attack(
    _ name: String, rounds: Int, _ arguments: [String] = [], asRoot: Bool = false,
    in folder: String? = nil, under wrapper: [String] = []
  ) -> Attacker {
    Attacker(
      as: asRoot ? nil : attacker.uid, in: folder ?? attacker.path, name, rounds: rounds, arguments,
      output: "\(NSTemporaryDirectory())attacker-\(UInt32.random(in: 0...UInt32.max))",
      under: wrapper)
  }

  /// Runs a program of the system's to its end.
  @discardableResult
  static func run(_ command: [String]) -> Int32 {
    let child = RunningDaemon.spawn(command, stderr: "/dev/null")
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return status
  }
}
