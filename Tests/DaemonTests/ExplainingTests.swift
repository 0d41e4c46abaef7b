import Foundation
import MCPConfig
import Support
import Testing

/// Asking the real daemon why.
@Suite(.serialized) struct ExplainingTests {
  private func json(_ daemon: RunningDaemon, _ arguments: String...) throws -> JSON {
    let (status, output) = daemon.control(arguments + ["--json"])
    #expect(status == 0, "\(output)")
    return try JSON(parsing: Array(output.utf8))
  }

  @Test func anIncidentIsToldWhole() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    daemon.root.write("home/alice/new", Tampering.tampered)
    daemon.root.move("home/alice/new", RunningDaemon.file)
    #expect(eventually { daemon.incidents.first?.value("ACTION") == "restored" })
    let id = try #require(daemon.incidents.first?.value("INCIDENT"))
    let trace = try json(daemon, "explain", id)
    #expect(trace["incident"]?["id"]?.string?.text == id)
    #expect(trace["source"]?.string == "daemon")
    let evidence = try #require(trace["evidence_path"]?.string?.text)
    #expect(
      eventually { (try? String(contentsOfFile: evidence, encoding: .utf8)) == Tampering.tampered })
    let (status, text) = daemon.control(["explain", id])
    #expect(status == 0)
    for part in [
      "unauthorized-server", "(rule: ", "respond by ", "latency ", "restored: ", evidence,
    ] {
      #expect(text.contains(part), "\(part)")
    }
    let (unknown, message) = daemon.control(["explain", "1-1"])
    #expect(unknown == 2)
    #expect(message.contains("has an incident 1-1"))
  }

  /// A copy without a server that was switched off is what it should be.
  @Test func aRevokedServerIsNotMissing() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(daemon.control(["revoke", "git", "--reason", "r"]).status == 0)
    let file = daemon.root.at(RunningDaemon.file)
    let explained = try json(daemon, "explain", file)
    #expect(explained["verdict"]?.string == "compliant")
    let (status, text) = daemon.control(["explain", file])
    #expect(status == 0)
    #expect(!text.contains("missing"), "\(text)")
    // Without this host's daemon, the policy is all there is.
    #expect(daemon.control(["explain", file, "--socket", "/nonexistent"]).status == 1)
  }

  /// Observing tells what enforcing would have done; it isn't one entry a sweep, and none of a pass.
  @Test func whatEnforcingWouldHaveRestored() throws {
    let daemon = RunningDaemon(
      homes: ["alice", "bob"], policy: RunningDaemon.policy(mode: "observe", sweep: 1))
    daemon.root.makeFolder("home/alice/.kiro/settings")
    daemon.root.write(RunningDaemon.file, RunningDaemon.approved, mode: 0o444)
    daemon.root.makeFolder("etc/kiro")
    daemon.startApproved()
    #expect(daemon.control(["sweep"]).status == 1)
    #expect(!daemon.incidents.contains { $0.value("PATH")?.hasSuffix(RunningDaemon.file) == true })
    daemon.root.remove(RunningDaemon.file)
    daemon.root.write(RunningDaemon.file, Tampering.tampered)
    #expect(
      eventually {
        daemon.incidents.contains { $0.values("KIND").contains("unauthorized-server") }
      })
    let report = try json(daemon, "report", "--would", "--user", "alice")
    let entries = try #require(report["would"]?.elements)
    #expect(entries.count == 1)
    #expect(entries.first?["stands"]?.bool == true)
    #expect((entries.first?["times"]?.integer ?? 0) > 0)
    #expect(
      daemon.control(["report", "--would"]).output.contains("Enforcing would have restored "))
    #expect(daemon.root.read(RunningDaemon.file) == Tampering.tampered)
  }
}
