import Linux
import MCPConfig
import Policy
import Testing

@testable import mcpolicyctl

/// Each check of the doctor by itself.
@Suite struct DoctorTests {
  private func unit(_ changes: [String: String] = [:]) -> UnitProperties {
    let good = [
      "LoadState": "loaded", "ActiveState": "active", "UnitFileState": "enabled",
      "Result": "success", "ExecMainStatus": "0", "NRestarts": "0", "NeedDaemonReload": "no",
      "ReadWritePaths": "/home -/etc/kiro", "ProtectSystem": "strict",
    ]
    return UnitProperties(good.merging(changes) { $1 })
  }

  @Test func aHealthyUnit() {
    #expect(UnitChecks.diagnoses(unit(), isUp: true, homes: ["/home"]).map(\.state) == [.ok])
  }

  @Test(arguments: [
    (["LoadState": "not-found"], Diagnosis.State.problem, "isn't installed", "install the package"),
    (["LoadState": "masked"], .problem, "masked", "unmask"),
    (
      ["ActiveState": "failed", "ExecMainStatus": "2"], .problem, "exit status 2", "mend the policy"
    ),
    (["ActiveState": "failed", "Result": "watchdog"], .problem, "watchdog", "journalctl"),
    (["ActiveState": "inactive"], .problem, "is inactive", "systemctl start"),
    (["UnitFileState": "disabled"], .warning, "next boot", "systemctl enable"),
    (["NeedDaemonReload": "yes"], .warning, "changed", "daemon-reload"),
    (["NRestarts": "3"], .warning, "3 times", "journalctl"),
    (["ReadWritePaths": "/srv"], .problem, "closes /home", "ReadWritePaths=/home"),
  ])
  func aUnitWithATrouble(
    _ change: [String: String], _ state: Diagnosis.State, _ message: String, _ mend: String
  ) throws {
    let found = UnitChecks.diagnoses(unit(change), isUp: false, homes: ["/home"])
    let diagnosis = try #require(found.first)
    #expect(found.count == 1)
    #expect(diagnosis.state == state)
    #expect(diagnosis.message.contains(message), "\(diagnosis.message)")
    #expect(diagnosis.mend?.contains(mend) == true)
  }

  @Test func aDaemonByHand() {
    let found = UnitChecks.diagnoses(unit(["ActiveState": "inactive"]), isUp: true, homes: [])
    #expect(found.map(\.state) == [.warning])
  }

  @Test func whatSystemdPrints() {
    let unit = UnitProperties(parsing: "LoadState=loaded\nReadWritePaths=/home a=b\n\nbad\n")
    #expect(unit["LoadState"] == "loaded")
    #expect(unit["ReadWritePaths"] == "/home a=b")
    #expect(unit["Result"] == "")
  }

  @Test func theNeedOfWatches() throws {
    let policy = try Policy(
      parsing: Array(
        """
        {"version": 1, "approved": {"file": "/a/b"}, "homes": ["/home/*"], "whitelist": [],
         "targets": [
          {"name": "a", "path": "/etc/kiro/mcp.json", "client": "kiro"},
          {"name": "b", "path": "~/.kiro/settings/mcp.json", "client": "kiro"},
          {"name": "c", "path": "~/.kiro/other.json", "client": "kiro"}
         ]}
        """.utf8), file: "p")
    // A home, .kiro and settings each; /, /etc and /etc/kiro; the folder of the homes.
    #expect(KernelChecks.need(policy, homes: 10) == 3 * 10 + 3 + 1)
    #expect(KernelChecks.inotify(need: 34, watches: 8192, queue: 16_384).map(\.state) == [.ok])
    #expect(KernelChecks.inotify(need: 34, watches: 50, queue: 16_384).map(\.state) == [.warning])
    let few = KernelChecks.inotify(need: 34, watches: 33, queue: 100)
    #expect(few.map(\.state) == [.problem, .warning])
    #expect(few[0].mend?.contains("max_user_watches=136") == true)
  }

  @Test func quietFileSystems() {
    let mounts = Mount.parse(
      Array(
        """
        21 1 8:1 / / rw - ext4 /dev/sda1 rw
        22 21 0:5 / /home/al\\040ice rw shared:1 - nfs4 server:/x rw
        23 21 0:6 / /homes rw - cifs //server rw
        bad line
        """.utf8))
    #expect(mounts.map(\.path) == ["/", "/home/al ice", "/homes"])
    let found = KernelChecks.fileSystems(["/home"], mounts: mounts)
    #expect(found.map(\.state) == [.warning])
    #expect(found[0].message.hasSuffix("/home/al ice (nfs4)"))
    #expect(KernelChecks.fileSystems(["/homes"], mounts: mounts).map(\.state) == [.warning])
    #expect(KernelChecks.fileSystems(["/srv"], mounts: mounts).map(\.state) == [.ok])
  }

  @Test func theClock() {
    let kept: [Bool?] = [true, false, nil]
    #expect(kept.map { KernelChecks.clock($0).state } == [.ok, .warning, .unseen])
  }

  @Test func homesThatNoTargetIsIn() {
    let paths = ["/etc/kiro/mcp.json", "/home/alice/.kiro/settings/mcp.json"]
    #expect(WatchChecks.compared(paths, homes: ["/home/alice"]) == [])
    let found = WatchChecks.compared(paths, homes: ["/home/ali", "/home/alice", "/home/bob"])
    #expect(found.map(\.message) == ["no target is kept in: /home/ali, /home/bob"])
  }

  @Test func howTargetsStand() {
    func target(_ state: String, _ mode: String, watched: Bool = true) -> JSON {
      ["path": "/p", "state": .text(state), "mode": .text(mode), "watched": .bool(watched)]
    }
    #expect(WatchChecks.states([target("compliant", "enforce")]) == [])
    #expect(WatchChecks.states([target("drifted", "enforce")]).map(\.state) == [.problem])
    #expect(WatchChecks.states([target("drifted", "observe")]).map(\.state) == [.warning])
    #expect(WatchChecks.states([target("unreachable", "enforce")]).map(\.state) == [.warning])
    #expect(
      WatchChecks.states([target("compliant", "enforce", watched: false)]).map(\.state)
        == [.warning])
  }

  @Test func theReport() throws {
    let rights = CallerRights(
      name: "alice", uid: 1000, role: "own", verbs: ["Status"], source: .groups)
    let report = DoctorReport(
      diagnoses: [
        .ok("a", "fine"), .problem("b", "bad\u{1B}[2J", mend: "do"), .unseen("c", "closed"),
      ], rights: rights)
    #expect(
      report.text(.plain) == #"""
        ok        a           fine
        problem   b           bad\u{1b}[2J
                              → do
        not seen  c           closed

        1 problem, 0 warnings, 1 ok, 1 not seen
        """#)
    #expect(report.outcome == .findings)
    #expect(DoctorReport(diagnoses: [.unseen("c", "closed")], rights: rights).outcome == .fine)
    #expect(report.json["checks"]?.elements?.count == 3)
    #expect(report.json["summary"]?["problem"]?.integer == 1)
    #expect(report.json["caller"]?["role"]?.string == "own")
  }
}
