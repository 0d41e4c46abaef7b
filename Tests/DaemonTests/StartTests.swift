import Foundation
import Support
import Testing

/// How it starts, and what it finds then.
@Suite(.serialized) struct StartTests {
  @Test func unprovisionedTouchesNothing() throws {
    let daemon = RunningDaemon()
    let before = daemon.root.inventory("home")
    daemon.start()
    let status = daemon.control(["status", "--json"])
    #expect(status.status == 0)
    #expect(status.output.contains(#""state": "unprovisioned""#))
    #expect(daemon.root.inventory("home") == before)
    #expect(eventually { daemon.log.contains("Unprovisioned") })
    #expect(daemon.control(["sweep"]).status != 0)
  }

  @Test func tamperingWhileStoppedIsFoundAtStart() throws {
    let daemon = RunningDaemon(homes: ["alice", "bob"])
    daemon.startApproved()
    #expect(daemon.stop() == 0)
    daemon.root.write("home/alice/new", Tampering.tampered)
    daemon.root.move("home/alice/new", RunningDaemon.file)
    daemon.root.remove("home/bob/.kiro")
    daemon.start()
    #expect(
      eventually { daemon.isApproved() && daemon.isApproved("home/bob/.kiro/settings/mcp.json") })
    #expect(eventually { daemon.incidents.count == 2 })
    #expect(
      Set(daemon.incidents.flatMap { $0.values("KIND") }).isSuperset(
        of: ["unauthorized-server", "missing-file"]))
  }

  /// The stored baseline decides, not what lies in the deployed file: no silent re-baseline.
  @Test func changedApprovedFileIsNotAdopted() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(daemon.stop() == 0)
    daemon.root.write("etc/mcpolicyd/mcp.json", #"{"mcpServers":{"git":{"command":"sh"}}}"#)
    daemon.start()
    let status = daemon.control(["status", "--json"])
    #expect(status.output.contains("isn't the approved baseline"))
    #expect(daemon.isApproved())
    #expect(daemon.isApproved("etc/kiro/mcp.json"))
  }

  @Test func brokenApprovedConfigurationLeavesTheBaselineInForce() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(daemon.stop() == 0)
    daemon.root.write("etc/mcpolicyd/mcp.json", "{\n  \"mcpServers\": nonsense}")
    daemon.start()
    daemon.root.remove(RunningDaemon.file)
    #expect(eventually { daemon.isApproved() })
    let status = daemon.control(["status", "--json"])
    #expect(status.output.contains("mcp.json:2:17:"))
    #expect(status.output.contains(#""state": "degraded""#))
  }

  @Test func pinAdoptsWithoutAsking() throws {
    let digest = RunningDaemon().control(["digest"]).status
    #expect(digest == 2, "digest needs a file")
    let daemon = RunningDaemon()
    let output = daemon.control(["digest", daemon.root.at("etc/mcpolicyd/mcp.json"), "--json"])
      .output
    let canonical = try #require(
      output.split(separator: "\"canonical_sha256\": \"").last?.prefix(64))
    daemon.root.write(
      "etc/mcpolicyd/policy.json",
      RunningDaemon.policy(
        approved: #"{"file": "/etc/mcpolicyd/mcp.json", "sha256": "\#(canonical)"}"#))
    daemon.start()
    #expect(eventually { daemon.isApproved() })
  }

  @Test func brokenPolicyIsRefusedWithItsPlace() throws {
    let daemon = RunningDaemon(policy: "{\n  \"version\": 1,\n  \"mod\": \"enforce\"\n}")
    daemon.start()
    #expect(daemon.wait() == 2)
    #expect(daemon.log.contains("etc/mcpolicyd/policy.json:3:3: the policy has no key \"mod\""))
  }

  @Test func unknownArgumentIsRefused() throws {
    let daemon = RunningDaemon()
    daemon.start(["--frobnicate"])
    #expect(daemon.wait() == 2)
  }

  @Test func secondDaemonIsRefused() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    let second = RunningDaemon.spawn(
      ["\(RunningDaemon.products)/mcpolicyd", "--root", daemon.root.path],
      stderr: daemon.root.at("second"))
    var status: Int32 = 0
    waitpid(second, &status, 0)
    #expect(status >> 8 & 0xFF == 5)
    daemon.root.remove(RunningDaemon.file)
    #expect(eventually { daemon.isApproved() }, "\(daemon.log)")
  }

  /// Killed between an exchange and what follows: nothing is left behind, and all is right again.
  @Test func killedDaemonLeavesNothingBehind() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    daemon.signal(SIGKILL)
    #expect(daemon.wait() == -SIGKILL)
    daemon.root.write("home/.mcpolicyd/s99", Tampering.tampered, mode: 0o600)
    daemon.root.makeFolder("home/.mcpolicyd/s98/settings")
    daemon.root.remove(RunningDaemon.file)
    daemon.start()
    #expect(eventually { daemon.isApproved() })
    let names = { daemon.root.names("home/.mcpolicyd") }
    #expect(eventually { !names().contains("s99") && !names().contains("s98") }, "\(names())")
    let evidence = daemon.root.names("var/lib/mcpolicyd/evidence")
    #expect(
      evidence.contains {
        daemon.root.read("var/lib/mcpolicyd/evidence/\($0)") == Tampering.tampered
      })
  }

  @Test func damagedBaselineIsCriticalAndTouchesNothing() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(daemon.stop() == 0)
    chmod(daemon.root.at("var/lib/mcpolicyd/baseline/1.mcp.json"), 0o600)
    daemon.root.write("var/lib/mcpolicyd/baseline/1.mcp.json", Tampering.tampered)
    let before = daemon.root.inventory("home/alice")
    daemon.start()
    #expect(eventually { daemon.incidents.first?.values("KIND") == ["baseline-tampered"] })
    #expect(daemon.control(["status", "--json"]).output.contains(#""state": "degraded""#))
    #expect(daemon.root.inventory("home/alice") == before)
  }
}
