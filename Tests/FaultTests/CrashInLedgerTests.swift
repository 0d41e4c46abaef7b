import Foundation
import Ledger
import Support
import Testing

/// Killed at every step of a write to the ledger: at most the record being written is lost, the chain
/// holds, and nothing is left behind.
@Suite(.serialized) struct CrashInLedgerTests {
  private static let day = 86_400

  @Test func noStepBreaksTheChain() {
    for step in 1...200 {
      let daemon = RunningDaemon()
      // Two earlier days, one compressed and one not, so that a start has something to do.
      for back in [2, 1] {
        daemon.startFaulty(["clock=-\(back * Self.day)"])
        if back == 2 { daemon.approve() }
        #expect(eventually { daemon.isApproved() })
        let drift = MarkedDrift()
        drift.apply(to: daemon.root)
        #expect(eventually { daemon.isApproved() && daemon.ledgerHas(drift) })
        #expect(daemon.stop() == 0)
      }
      let before = daemon.ledgerRecords.map(\.hash)
      daemon.startFaulty([
        "call=mutating,fsync path=/ledger from=\(step) count=1 kill"
      ])
      let first = MarkedDrift()
      var isTold = false
      let isKilled = daemon.isKilled {
        guard daemon.isApproved() else { return false }
        if !isTold {
          isTold = true
          first.apply(to: daemon.root)
        }
        return daemon.ledgerHas(first) && !daemon.ledgerFiles.contains { $0.hasPrefix(".") }
          && daemon.ledgerFiles.filter { !$0.hasSuffix(".gz") }.count == 1
      }
      let place = Comment(rawValue: "step \(step): \(daemon.lastKill)")
      let after = daemon.ledgerRecords.map(\.hash)
      #expect(Array(after.prefix(before.count)) == before, place)
      check(daemon, place)

      daemon.start()
      let next = MarkedDrift()
      #expect(eventually { daemon.isApproved() }, place)
      next.apply(to: daemon.root)
      #expect(eventually { daemon.isApproved() && daemon.ledgerHas(next) }, place)
      #expect(
        eventually { daemon.ledgerFiles.filter { !$0.hasSuffix(".gz") }.count == 1 }, place)
      #expect(daemon.stop() == 0, place)
      check(daemon, place)
      #expect(daemon.ledgerReport?.notes == [], place)
      #expect(!daemon.ledgerFiles.contains { $0.hasPrefix(".") }, place)
      #expect(
        daemon.incidents.allSatisfy { !$0.values("KIND").contains("baseline-tampered") }, place)
      if !isKilled {
        #expect(step > 12, "nothing was stepped through")
        return
      }
    }
    Issue.record("still killed at the last step")
  }

  private func check(_ daemon: RunningDaemon, _ place: Comment) {
    let report = daemon.ledgerReport
    #expect(report?.isIntact == true, "\(place): \(report?.findings ?? [])")
  }
}
