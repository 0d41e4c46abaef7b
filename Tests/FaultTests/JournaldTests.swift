import Foundation
import MCPConfig
import Support
import Testing

/// journald as it stalls, stops, goes and comes back.
@Suite(.serialized) struct JournaldTests {
  private let socket = "journal.sock"
  /// So many that no one's incidents come so fast that they are merged.
  private static let users = (1...8).map { "user\($0)" }

  /// Everything that was told so far, wherever.
  private struct Told {
    let daemon: RunningDaemon
    let journal: JournalSocket
    var records: [String] = []

    mutating func has(_ drift: MarkedDrift) -> Bool {
      records += journal.receive()
      return records.contains { $0.contains("MCPOLICY_SHA256_FOUND=\(drift.sha256)") }
        || daemon.hasTold(drift)
    }
  }

  private func started() -> (RunningDaemon, JournalSocket) {
    let daemon = RunningDaemon(homes: Self.users)
    let journal = JournalSocket(daemon.root.at(socket))
    daemon.startFaulty(journal: socket)
    daemon.approve()
    return (daemon, journal)
  }

  private func drifts(_ daemon: RunningDaemon, _ count: Int) -> [MarkedDrift] {
    (0..<count).map { round in
      let file = "home/\(Self.users[round % Self.users.count])/.kiro/settings/mcp.json"
      let drift = MarkedDrift()
      drift.apply(to: daemon.root, file)
      #expect(eventually { daemon.isApproved(file) })
      return drift
    }
  }

  @Test func incidentsGoToTheJournal() throws {
    let (daemon, journal) = started()
    var told = Told(daemon: daemon, journal: journal)
    for drift in drifts(daemon, 3) { #expect(eventually { told.has(drift) }) }
    #expect(daemon.incidents.isEmpty, "stderr has what the journal has")
  }

  /// A journald that takes nothing holds up its own thread, and nothing else; then it gets all.
  @Test func stalledJournalStallsNoRestore() throws {
    let (daemon, journal) = started()
    let made = drifts(daemon, 40)
    #expect(daemon.control(["sweep"]).status == 0)
    #expect(daemon.control(["status"]).status == 0)
    var told = Told(daemon: daemon, journal: journal)
    for drift in made { #expect(eventually { told.has(drift) }, "an incident is lost") }
    #expect(daemon.stop() == 0)
  }

  /// Nor does it hold up the end.
  @Test func stalledJournalDoesNotHoldTheEnd() throws {
    let (daemon, journal) = started()
    _ = drifts(daemon, 40)
    #expect(daemon.stop() == 0)
    #expect(!journal.receive().isEmpty)
  }

  /// What the queue has no room for is counted and said.
  @Test func droppedRecordsAreCounted() throws {
    let (daemon, journal) = started()
    daemon.setFaults(["call=sendmsg hang"])
    // A refused reload is a record like any other.
    daemon.root.write("etc/mcpolicyd/policy.json", "{}")
    let peer = try #require(ControlPeer(daemon.root.at("run/mcpolicyd/control.sock")))
    let hasDropped = eventually {
      for _ in 0..<500 { peer.call("io.mcpolicyd.Reload") }
      return (daemon.status?["problems"]?.elements ?? []).contains {
        $0.string?.text.contains("journal records were dropped") == true
      }
    }
    #expect(hasDropped)
    #expect(daemon.status?["state"]?.string?.text == "degraded")
    _ = drifts(daemon, 1)
    daemon.setFaults([])
    #expect(eventually { !journal.receive().isEmpty })
  }

  /// Stopped: what can't be sent goes to stderr; started again, the journal has the rest.
  @Test(arguments: ["stopped", "removed"])
  func stoppedAndRestartedJournalLosesNothing(_ how: String) throws {
    let (daemon, journal) = started()
    var told = Told(daemon: daemon, journal: journal)
    for drift in drifts(daemon, 2) { #expect(eventually { told.has(drift) }) }
    if how == "stopped" { journal.stop() } else { journal.remove() }
    for drift in drifts(daemon, 3) {
      #expect(eventually { daemon.hasTold(drift) }, "an incident is lost")
    }
    journal.start()
    for drift in drifts(daemon, 3) { #expect(eventually { told.has(drift) }) }
    #expect(told.records.count >= 5, "the journal isn't used again")
    #expect(daemon.stop() == 0)
  }
}
