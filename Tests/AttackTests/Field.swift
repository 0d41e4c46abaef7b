import CAttributes
import Foundation
import MCPConfig
import Support

/// A daemon, a user who attacks it, and everything around that must stay as it is.
///
/// `ATTACK_ROOT` names the root of a daemon that runs already, such as an installed unit's `/`;
/// `ATTACK_PID` is its process, `ATTACK_HOME` the attacker's home below `/home` and
/// `ATTACK_OTHER_HOME` that of someone else.
final class Field {
  let root: String
  let attacker: Home
  let other: Home
  /// Whose target is tampered with to see that nobody is forgotten; nil where a daemon ran before.
  let bystander: Home?
  /// The daemon that this field started; nil where one ran before.
  let daemon: RunningDaemon?
  let approved: Data

  static let running: [String: String]? = {
    let environment = ProcessInfo.processInfo.environment
    return environment["ATTACK_ROOT"] == nil ? nil : environment
  }()

  /// - Parameter prepare: called before the daemon starts.
  /// - Parameter wrapper: what the daemon runs under.
  init(
    access: String = "read-only", sweep: Int = 300, under wrapper: [String] = [],
    prepare: (RunningDaemon) -> Void = { _ in }
  ) {
    if let running = Self.running {
      root = running["ATTACK_ROOT"] == "/" ? "" : running["ATTACK_ROOT"]!
      attacker = Self.home(root, running["ATTACK_HOME"] ?? "alice")
      other = Self.home(root, running["ATTACK_OTHER_HOME"] ?? "bob")
      bystander = nil
      daemon = nil
    } else {
      let own = RunningDaemon(
        homes: ["alice", "bob", "carol"],
        policy: RunningDaemon.policy(access: access, sweep: sweep))
      root = own.root.path
      attacker = Self.home(root, "alice", access)
      other = Self.home(root, "bob", access)
      bystander = Self.home(root, "carol", access)
      daemon = own
      Self.makeDecoys(own, other)
      prepare(own)
      own.start(under: wrapper)
      _ = own.control(["approve", own.root.at("etc/mcpolicyd/mcp.json"), "--yes"])
      // The last that a start leaves behind, a moment after the rest.
      _ = eventually { own.root.status("var/lib/mcpolicyd/ledger-mark") != nil }
    }
    _ = eventually { [attacker, other] in
      attacker.approvedBytes != nil && other.approvedBytes != nil
    }
    approved = attacker.approvedBytes ?? Data()
  }

  deinit {
    guard let daemon else { return }
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
  private static func makeDecoys(_ daemon: RunningDaemon, _ other: Home) {
    let root = daemon.root
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
  var victim: String { daemon == nil ? other.path + "/.kiro" : "\(root)/etc/decoy" }

  var decoys: Decoys {
    if daemon == nil {
      return Decoys(
        trees: ["/etc/passwd", "/etc/shadow", "/etc/group", "/etc/kiro", other.target],
        lists: ["/home", "/etc", "/"])
    }
    return Decoys(
      trees: ["\(root)/etc", other.path, "\(root)/var/lib/mcpolicyd/baseline"],
      lists: [root, "\(root)/home", "\(root)/var/lib/mcpolicyd"])
  }

  var isApproved: Bool { attacker.approvedBytes == approved }

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
