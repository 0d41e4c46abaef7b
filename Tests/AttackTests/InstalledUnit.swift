import Foundation
import Support

/// What is attacked.
protocol AttackedDaemon: AnyObject {
  var root: TemporaryRoot { get }
  var processID: Int32 { get }
  /// What it said where no journal is.
  var log: String { get }
  func makeHome(_ name: String, number: Int)
  /// Starts it, provisioned with nothing yet.
  func start(_ arguments: [String], under wrapper: [String])
  func signal(_ number: Int32)
  /// Its exit status, or minus the signal that ended it.
  func stop() -> Int32
}

extension RunningDaemon: AttackedDaemon {}

/// The unit `mcpolicyd.service` with its whole sandbox, on the root of a host that is thrown away
/// afterwards. `ATTACK_UNIT` asks for it; `Tests/HostTests/attacks.sh` boots such a host.
final class InstalledUnit: AttackedDaemon {
  static let isAttacked: Bool = {
    guard ProcessInfo.processInfo.environment["ATTACK_UNIT"] != nil else { return false }
    // The homes and all state of the host are removed.
    let manager = try? String(contentsOfFile: "/run/systemd/container", encoding: .utf8)
    precondition(
      manager?.hasPrefix("systemd-nspawn") == true,
      "ATTACK_UNIT is for a container that is thrown away")
    return true
  }()

  let root = TemporaryRoot(existing: "")
  private(set) var processID: Int32 = 0
  let log = ""

  init(homes: [String], policy: String) {
    Self.run(Self.clearing)
    root.write("etc/mcpolicyd/mcp.json", RunningDaemon.approved)
    root.write("etc/mcpolicyd/policy.json", policy)
    for (index, home) in homes.enumerated() { makeHome(home, number: index) }
  }

  /// The host as just installed, less its homes.
  private static let clearing = """
    systemctl stop mcpolicyd
    systemctl reset-failed mcpolicyd.service mcpolicyd.socket 2>/dev/null
    awk '$2 ~ "^/home/" { print $2 }' /proc/self/mounts | sort -r | xargs -r umount --lazy
    find /home -mindepth 1 -maxdepth 1 -exec chattr -R -f -i -a {} + 2>/dev/null
    rm -rf /home/..?* /home/.[!.]* /home/* /var/lib/mcpolicyd/* /etc/kiro/mcp.json /etc/decoy
    sed -i '/:made for an attack:/d' /etc/passwd
    systemd-tmpfiles --create mcpolicyd.conf
    """

  /// On a host, only a home with an account is kept.
  func makeHome(_ name: String, number: Int) {
    root.makeFolder("home/\(name)", mode: 0o700)
    let known = getpwnam(name)?.pointee.pw_uid
    let uid = known ?? RunningDaemon.uid(number)
    if known == nil {
      addAccount("\(name):x:\(uid):\(uid):made for an attack:/home/\(name):/bin/sh\n")
    }
    chown(root.at("home/\(name)"), uid, uid)
  }

  private func addAccount(_ line: String) {
    let file = open("/etc/passwd", O_WRONLY | O_APPEND)
    precondition(file >= 0 && write(file, line, line.utf8.count) == line.utf8.count)
    close(file)
  }

  /// Nothing stands before the program of a unit, and its arguments are the unit's.
  func start(_ arguments: [String], under wrapper: [String]) {
    precondition(arguments.isEmpty && wrapper.isEmpty)
    Self.run("systemctl start mcpolicyd")
    processID = Int32(Self.property("MainPID")) ?? 0
  }

  func signal(_ number: Int32) { kill(processID, number) }

  func stop() -> Int32 {
    Self.run("systemctl stop mcpolicyd")
    processID = 0
    let status = Int32(Self.property("ExecMainStatus")) ?? -1
    return Self.property("Result") == "success" ? status : -max(status, 1)
  }

  private static func property(_ name: String) -> String {
    let output = "\(NSTemporaryDirectory())unit-property"
    defer { unlink(output) }
    run("systemctl show --property=\(name) --value mcpolicyd.service >\(output)")
    return (try? String(contentsOfFile: output, encoding: .utf8))?
      .trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
  }

  private static func run(_ script: String) { Field.run(["sh", "-c", script]) }
}
