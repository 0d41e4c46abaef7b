import Foundation
import MCPConfig
import Support
import Testing

/// Another policy while the daemon runs, and what it would do.
@Suite(.serialized) struct ReloadTests {
  private func json(_ daemon: RunningDaemon, _ arguments: String...) throws -> JSON {
    let (status, output) = daemon.control(arguments + ["--json"])
    #expect(status == 0, "\(output)")
    return try JSON(parsing: Array(output.utf8))
  }

  private static let policyFile = "etc/mcpolicyd/policy.json"

  @Test func aFailureIsCountedAndToldWithItsPlace() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    let before = try json(daemon, "status")
    #expect(before["failed_reloads"]?.integer == 0)
    daemon.root.write(Self.policyFile, "{\n  \"version\": 1,\n  \"mod\": \"observe\"\n}")
    let (status, output) = daemon.control(["reload"])
    #expect(status == 2)
    #expect(output.contains("policy.json:3:3: the policy has no key \"mod\""))
    daemon.signal(SIGHUP)
    #expect(eventually { daemon.log.contains("policy in force stays (generation") })
    #expect(
      eventually { (try? json(daemon, "status"))?["failed_reloads"]?.integer == 2 })
    let after = try json(daemon, "status")
    #expect(after["generation"]?.integer == before["generation"]?.integer)
    #expect(after["reload_failure"]?.string?.text.contains("policy.json:3:3: ") == true)
    #expect(daemon.control(["status"]).output.contains("2 failed"))
    daemon.root.remove(RunningDaemon.file)
    #expect(eventually { daemon.isApproved() })

    daemon.root.write(Self.policyFile, RunningDaemon.policy())
    #expect(daemon.control(["reload"]).status == 0)
    let mended = try json(daemon, "status")
    #expect(mended["reload_failure"]?.string == nil)
    #expect(mended["failed_reloads"]?.integer == 2)
  }

  /// What isn't the policy's fault has no place in the policy.
  @Test func aSystemErrorIsToldAsItself() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    // A folder where the newest record belongs.
    daemon.root.makeFolder("var/lib/mcpolicyd/baseline/9.json")
    let (status, output) = daemon.control(["reload"])
    #expect(status == 5)
    #expect(output.contains("Is a directory"))
    #expect(!output.contains(":1:1"))
    #expect(try json(daemon, "status")["failed_reloads"]?.integer == 1)
  }

  @Test func aDryRunTouchesNothing() throws {
    let daemon = RunningDaemon(
      homes: ["alice", "bob"], policy: RunningDaemon.policy(mode: "observe"))
    daemon.root.makeFolder("home/alice/.kiro/settings")
    daemon.root.write(RunningDaemon.file, Tampering.tampered)
    daemon.startApproved()
    #expect(eventually { daemon.incidents.contains { $0.value("TARGET") == "kiro" } })
    let before = daemon.root.inventory("home")
    let status = try json(daemon, "status")
    daemon.root.write(Self.policyFile, RunningDaemon.policy())
    let reply = try json(daemon, "reload", "--dry-run")
    #expect(reply["checked"]?.integer == 3)
    #expect(reply["would_restore"]?.integer == 3, "no target has its copy yet")
    #expect(reply["rollouts"]?.integer == 0)
    #expect(reply["complete"]?.bool == true)
    #expect(reply["by_kind"]?["unauthorized-server"]?.integer == 1)
    let change = try #require(
      reply["changes"]?.elements?.first { $0["user"]?.string == "alice" })
    #expect(change["step"]?.string == "restore")
    #expect(change["reason"]?.string == "drift")
    let kinds = change["findings"]?.elements?.compactMap { $0["kind"]?.string }
    #expect(kinds?.contains("unauthorized-server") == true)
    #expect(daemon.root.inventory("home") == before)
    let after = try json(daemon, "status")
    #expect(after["generation"]?.integer == status["generation"]?.integer)
    #expect(after["mode"]?.string == "observe")
    #expect(after["incidents"]?["total"]?.integer == status["incidents"]?["total"]?.integer)
    let text = daemon.control(["reload", "--dry-run"]).output
    #expect(text.contains("3 would be restored"))
    #expect(text.contains("unauthorized-server"))
  }

  /// What the policy changes is told apart from what a user did.
  @Test func aDryRunTellsARolloutFromDrift() throws {
    let daemon = RunningDaemon(homes: ["alice", "bob"])
    daemon.startApproved()
    #expect(
      eventually { daemon.isApproved() && daemon.isApproved("home/bob/.kiro/settings/mcp.json") })
    daemon.root.write(
      Self.policyFile,
      RunningDaemon.policy().replacing(
        #"{"server": "docs", "tier": 1}"#, with: #"{"server": "docs", "tier": 2, "users": ["bob"]}"#
      ))
    let reply = try json(daemon, "reload", "--dry-run")
    let changes = try #require(reply["changes"]?.elements)
    #expect(
      changes.map { $0["reason"]?.string } == Array(repeating: "rollout", count: changes.count))
    #expect(reply["rollouts"]?.integer == changes.count)
    #expect(changes.contains { $0["path"]?.string?.text.hasSuffix(RunningDaemon.file) == true })
    #expect(!changes.contains { $0["path"]?.string?.text.contains("/bob/") == true })
    #expect(daemon.isApproved())
    #expect(daemon.control(["reload"]).status == 0)
    #expect(eventually { daemon.root.read(RunningDaemon.file)?.contains("docs") == false })
  }

  @Test func aDryRunOfABrokenPolicySaysWhere() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    daemon.root.write(Self.policyFile, "{\n  \"version\": 2\n}")
    let (status, output) = daemon.control(["reload", "--dry-run"])
    #expect(status == 2)
    #expect(output.contains("policy.json:2:14: version must be 1"))
    #expect(try json(daemon, "status")["failed_reloads"]?.integer == 0)
  }

  /// A pin that would adopt a file only says so.
  @Test func aDryRunStoresNothing() throws {
    let daemon = RunningDaemon()
    daemon.start()
    let file = daemon.root.at("etc/mcpolicyd/mcp.json")
    let figures = try json(daemon, "digest", file)
    let canonical = try #require(
      figures["files"]?.elements?.first?["canonical_sha256"]?.string?.text)
    daemon.root.write(
      Self.policyFile,
      RunningDaemon.policy(
        approved: #"{"file": "/etc/mcpolicyd/mcp.json", "sha256": "\#(canonical)"}"#))
    let reply = try json(daemon, "reload", "--dry-run")
    #expect(reply["adopts"]?.bool == true)
    #expect(reply["would_restore"]?.integer == 2)
    #expect(daemon.root.names("var/lib/mcpolicyd/baseline") == [])
    #expect(try json(daemon, "status")["state"]?.string == "unprovisioned")
  }

  /// A target that the policy leaves out is only counted.
  @Test func aDryRunCountsWhatWouldBeReleased() throws {
    let daemon = RunningDaemon(homes: ["alice", "bob"])
    daemon.startApproved()
    daemon.root.write(
      Self.policyFile,
      RunningDaemon.policy().replacing(#""homes": ["/home/*"]"#, with: #""homes": ["/home/b*"]"#))
    let reply = try json(daemon, "reload", "--dry-run")
    #expect(reply["released"]?.integer == 1)
    #expect(reply["checked"]?.integer == 2)
  }

  /// Opening one waits for a writer, and all users with it.
  @Test func aFIFOIsNoPolicy() {
    let daemon = RunningDaemon()
    daemon.startApproved()
    daemon.root.remove("etc/mcpolicyd/policy.json")
    mkfifo(daemon.root.at("etc/mcpolicyd/policy.json"), 0o600)
    let reload = daemon.control(["reload"])
    #expect(reload.status == 2, "\(reload.output)")
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) })
    #expect(daemon.stop() == 0)
  }
}
