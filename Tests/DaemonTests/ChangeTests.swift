import Foundation
import Support
import Testing

/// New homes, reloads and approvals while it runs.
@Suite(.serialized) struct ChangeTests {
  @Test func newHomeIsProvided() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    daemon.makeHome("dave", number: 3)
    let file = "home/dave/.kiro/settings/mcp.json"
    #expect(eventually { daemon.isApproved(file) })
    let user = RunningDaemon.uid(3)
    #expect(eventually { daemon.root.status("home/dave/.kiro")?.st_uid == user })
    #expect(eventually { daemon.root.status("home/dave/.kiro/settings")?.st_uid == user })
    daemon.root.remove(file)
    #expect(eventually { daemon.isApproved(file) && daemon.incidents.count == 1 })
  }

  @Test func renamedAndRemadeHomesAreFollowed() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    daemon.root.move("home/alice", "home/alicia")
    let moved = "home/alicia/.kiro/settings/mcp.json"
    daemon.root.remove(moved)
    #expect(eventually { daemon.isApproved(moved) })
    daemon.makeHome("alice", number: 0)
    #expect(eventually { daemon.isApproved() })
    daemon.root.move("home/alicia", "gone")
    #expect(
      eventually { !daemon.control(["targets", "--json"]).output.contains("alicia") })
  }

  /// Homes of a pattern that appear later are found without a sweep.
  @Test func foldersOfHomesMayAppearLater() throws {
    let daemon = RunningDaemon()
    daemon.root.write(
      "etc/mcpolicyd/policy.json",
      RunningDaemon.policy().replacingOccurrences(
        of: #"["/home/*"]"#, with: #"["/home/*", "/users/*"]"#))
    daemon.startApproved()
    daemon.root.makeFolder("users/erin")
    let file = "users/erin/.kiro/settings/mcp.json"
    #expect(eventually { daemon.isApproved(file) })
    daemon.root.remove("home/alice/.kiro")
    #expect(eventually { daemon.isApproved() && daemon.incidents.count == 1 })
  }

  @Test func removedFolderOfHomesIsFollowed() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    daemon.root.move("home", "old-home")
    daemon.root.makeFolder("home")
    daemon.makeHome("alice", number: 0)
    #expect(eventually { daemon.isApproved() })
  }

  @Test func targetsInsideOneAnotherAreRefused() throws {
    let daemon = RunningDaemon(
      policy: RunningDaemon.policy().replacingOccurrences(
        of: #""~/.kiro/settings/mcp.json", "client": "kiro"}"#,
        with:
          #""~/.kiro/settings/mcp.json", "client": "kiro"}, {"name": "x", "path": "~/.kiro/settings", "client": "kiro"}"#
      ))
    daemon.start()
    #expect(daemon.wait() == 2)
    #expect(daemon.log.contains("one inside the other"))
  }

  /// A storm of removals by one user costs no descriptors.
  @Test func removedFoldersCostNoDescriptors() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    let before = daemon.descriptorCount
    for _ in 1...300 {
      daemon.root.remove("home/alice/.kiro/settings")
      mkdir(daemon.root.at("home/alice/.kiro/settings"), 0o755)
    }
    #expect(eventually { daemon.isApproved() })
    #expect(
      eventually { daemon.descriptorCount <= before + 4 }, "\(before): \(daemon.descriptorCount)")
    #expect(daemon.stop() == 0)
    #expect(daemon.root.names("home/alice/.kiro").filter { $0.contains("mcpolicyd") }.isEmpty)
  }

  @Test func brokenReloadKeepsThePolicy() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    daemon.root.write("etc/mcpolicyd/policy.json", "{\n \"version\": 2\n}")
    daemon.signal(SIGHUP)
    #expect(eventually { daemon.log.contains("policy.json:") && daemon.log.contains("stays") })
    let reload = daemon.control(["reload"])
    #expect(reload.status == 2)
    #expect(reload.output.contains("policy.json:"))
    daemon.root.remove(RunningDaemon.file)
    #expect(eventually { daemon.isApproved() })
  }

  @Test func reloadTakesANewPolicy() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    daemon.root.write("etc/mcpolicyd/policy.json", RunningDaemon.policy(access: "user-writable"))
    #expect(daemon.control(["reload"]).status == 0)
    #expect(eventually { daemon.root.permissions(RunningDaemon.file) == 0o600 })
    #expect(daemon.incidents.isEmpty, "a new policy's rollout is no incident")
  }

  @Test func approvalRollsOutEverywhere() throws {
    let daemon = RunningDaemon(homes: ["alice", "bob"])
    daemon.startApproved()
    let next = RunningDaemon.approved.replacingOccurrences(of: "docs@1.0", with: "docs@1.1")
    daemon.root.write("next.json", next)
    let result = daemon.control(["approve", daemon.root.at("next.json"), "--yes", "--json"])
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains(#""restored": 3"#), "\(result.output)")
    for file in ["etc/kiro/mcp.json", RunningDaemon.file, "home/bob/.kiro/settings/mcp.json"] {
      #expect(daemon.root.read(file) == next)
    }
    #expect(daemon.incidents.isEmpty)
  }

  @Test func approvalOfAnUnlistedServerIsRefused() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    daemon.root.write("next.json", Tampering.tampered)
    let result = daemon.control(["approve", daemon.root.at("next.json"), "--yes"])
    #expect(result.status == 2)
    #expect(result.output.contains("next.json:1:16:"), "\(result.output)")
    #expect(daemon.isApproved())
  }

  /// Tier 2 gives bob a server that alice's copy goes without.
  @Test func eachUserGetsTheirOwnCopy() throws {
    let daemon = RunningDaemon(homes: ["alice", "bob"])
    daemon.startApproved()
    let next = #"{"mcpServers": {"git": {"command": "uvx"}, "github": {"command": "docker"}}}"#
    daemon.root.write("next.json", next)
    #expect(daemon.control(["approve", daemon.root.at("next.json"), "--yes"]).status == 0)
    #expect(daemon.root.read("home/bob/.kiro/settings/mcp.json") == next)
    let alices = try #require(daemon.root.read(RunningDaemon.file))
    #expect(alices.contains("\"git\"") && !alices.contains("github"))
    daemon.root.write("home/alice/new", next)
    daemon.root.move("home/alice/new", RunningDaemon.file)
    #expect(eventually { daemon.root.read(RunningDaemon.file) == alices })
    #expect(eventually { daemon.incidents.count == 1 })
    let incident = try #require(daemon.incidents.first)
    #expect(incident.values("KIND").contains("unauthorized-server"))
    #expect(incident.values("RULE").contains { $0.contains("policy.json:12") })
  }
}
