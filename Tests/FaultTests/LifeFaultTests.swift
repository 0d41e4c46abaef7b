import Foundation
import Ledger
import MCPConfig
import Support
import Testing

/// A disk that doesn't answer under the file of what becomes of incidents.
@Suite(.serialized) struct LifeFaultTests {
  private func acknowledged(_ daemon: RunningDaemon) -> Int {
    daemon.ledgerRecords("acknowledged").count + daemon.audits("incident-acknowledged").count
  }

  /// It isn't answered before it is stored.
  private func acknowledge(_ id: String, _ daemon: RunningDaemon) -> pid_t {
    RunningDaemon.spawn(
      ["\(RunningDaemon.products)/mcpolicyctl", "ack", id, "--root", daemon.root.path],
      stderr: daemon.root.at("client"))
  }

  /// A daemon whose disk takes nothing of an acknowledgement that it has, and the client that waits.
  private func unstoredAcknowledgement() throws -> (RunningDaemon, id: String, client: pid_t) {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    #expect(eventually { daemon.isApproved() })
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) })
    let id = try #require(daemon.incidents.last?.value("INCIDENT"))
    daemon.setFaults(["call=fsync path=/incidents hang"])
    return (daemon, id, acknowledge(id, daemon))
  }

  private func end(_ client: pid_t) {
    kill(client, SIGKILL)
    var status: Int32 = 0
    waitpid(client, &status, 0)
  }

  /// What is told before it is stored, a crash undoes; what was stored and not told yet, the next start tells.
  @Test func anAcknowledgementIsToldOnceItIsStored() throws {
    let (daemon, id, client) = try unstoredAcknowledgement()
    defer { end(client) }
    // It holds in memory, and the ledger takes what comes later.
    #expect(eventually { daemon.status?["incidents"]?["acknowledged"]?.integer == 1 })
    let next = MarkedDrift()
    next.apply(to: daemon.root)
    #expect(eventually { daemon.ledgerHas(next) && daemon.hasTold(next) })
    #expect(acknowledged(daemon) == 0)
    daemon.signal(SIGKILL)
    _ = daemon.wait()
    daemon.setFaults([])
    daemon.startFaulty()
    // Whether its line had reached the file when the daemon was killed, or not.
    #expect(daemon.control(["ack", id]).status == 0)
    #expect(eventually { acknowledged(daemon) == 2 })
    let told = try #require(daemon.ledgerRecords("acknowledged").first)
    #expect(told["incident"]?.string?.text == id && told["by"]?.string != nil)
    #expect(daemon.stop() == 0)
    // And it is told once.
    daemon.startFaulty()
    #expect(daemon.status != nil)
    #expect(daemon.stop() == 0)
    #expect(acknowledged(daemon) == 2)
  }

  /// Nor does an end lose what it told: what the disk doesn't take is told so.
  @Test func anAcknowledgementThatIsNeverStoredIsToldAtTheEnd() throws {
    let (daemon, _, client) = try unstoredAcknowledgement()
    defer { end(client) }
    #expect(eventually { daemon.status?["incidents"]?["acknowledged"]?.integer == 1 })
    #expect(daemon.stop() == 0)
    #expect(acknowledged(daemon) == 2)
    #expect(daemon.ledgerReport?.isIntact == true)
  }
}
