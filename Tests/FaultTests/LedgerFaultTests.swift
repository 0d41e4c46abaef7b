import Foundation
import Ledger
import MCPConfig
import Support
import Testing

/// A disk that takes nothing, or never answers, under the ledger.
@Suite(.serialized) struct LedgerFaultTests {
  private func drift(_ daemon: RunningDaemon) -> MarkedDrift {
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) })
    return drift
  }

  @Test(arguments: [
    "call=write path=/ledger errno=\(ENOSPC)", "call=fsync path=/ledger errno=\(EIO)",
    "call=create path=/ledger errno=\(ENOSPC)", "call=write path=/ledger/head errno=\(EIO)",
    "call=write,fsync path=/ledger errno=\(EDQUOT) from=2",
  ])
  func nothingIsLostAndNothingWaits(_ rule: String) throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    #expect(eventually { daemon.isApproved() && daemon.ledgerReport?.records ?? 0 >= 3 })
    // A new file is begun only on another day.
    daemon.setFaults(rule.contains("create") ? ["clock=86400", rule] : [rule])
    let made = (0..<3).map { _ in drift(daemon) }
    #expect(
      eventually {
        daemon.incidents.contains {
          $0.values("KIND") == ["watch-degraded"] && $0.values("FIELD") == ["ledger"]
        }
      }, "\(daemon.log)")
    let problems = (daemon.status?["problems"]?.elements ?? []).compactMap { $0.string?.text }
    #expect(problems.contains { $0.hasPrefix("the ledger can't be written") }, "\(problems)")
    daemon.setFaults([])
    #expect(eventually(seconds: 60) { made.allSatisfy(daemon.ledgerHas) })
    #expect(eventually { daemon.status?["state"]?.string == "ok" })
    let last = drift(daemon)
    #expect(eventually { daemon.ledgerHas(last) })
    #expect(daemon.stop() == 0)
    let report = try #require(daemon.ledgerReport)
    #expect(report.isIntact && report.notes == [], "\(report.findings) \(report.notes)")
    let incidents = daemon.ledgerRecords("incident").compactMap { $0["id"]?.string }
    #expect(Set(incidents).count == incidents.count, "a record is there twice")
    #expect(daemon.ledgerRecords("drops").isEmpty)
  }

  /// A disk that doesn't answer holds up its own thread, and nothing else; what there is no room for is
  /// counted and said.
  @Test func aHangingDiskDropsAloud() throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    #expect(eventually { daemon.isApproved() })
    daemon.setFaults(["call=fsync path=/ledger hang"])
    let peer = try #require(ControlPeer(daemon.root.at("run/mcpolicyd/control.sock")))
    let hasDropped = eventually(seconds: 60) {
      for _ in 0..<500 { peer.call("io.mcpolicyd.Reload") }
      return (daemon.status?["problems"]?.elements ?? []).contains {
        $0.string?.text.contains("ledger records were dropped") == true
      }
    }
    #expect(hasDropped)
    let told = drift(daemon)
    daemon.setFaults([])
    #expect(
      eventually(seconds: 30) {
        daemon.ledgerRecords("drops").contains { $0["what"]?.string == "ledger" }
      })
    let next = drift(daemon)
    #expect(eventually { daemon.ledgerHas(next) })
    #expect(!daemon.ledgerHas(told))
    #expect(eventually { daemon.log.contains("could not be written to the ledger.") })
    #expect(daemon.stop() == 0)
    #expect(daemon.ledgerReport?.isIntact == true)
  }

  /// Nor does it hold the end, which says what is lost.
  @Test func aHangingDiskDoesNotHoldTheEnd() throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    #expect(eventually { daemon.isApproved() })
    daemon.setFaults(["call=write,fsync path=/ledger hang"])
    _ = drift(daemon)
    #expect(daemon.stop() == 0)
    #expect(daemon.log.contains("could not be written to the ledger."))
    daemon.start()
    #expect(daemon.control(["status"]).status == 0)
    #expect(daemon.stop() == 0)
    #expect(daemon.ledgerReport?.isIntact == true)
  }

  /// Days pass: files are compressed, and removed when they are too old; each is told.
  @Test func daysPass() throws {
    let policy = RunningDaemon.policy().replacingOccurrences(
      of: #""version": 1,"#, with: #""version": 1, "ledger": {"retention_days": 2},"#)
    let daemon = RunningDaemon(policy: policy)
    daemon.startFaulty()
    daemon.approve()
    #expect(eventually { daemon.isApproved() })
    for day in 0..<5 {
      daemon.setFaults(["clock=\(day * 86_400)"])
      let made = drift(daemon)
      #expect(eventually { daemon.ledgerHas(made) })
      let plain = { daemon.ledgerFiles.filter { !$0.hasSuffix(".gz") }.count }
      #expect(eventually { plain() == 1 && daemon.ledgerFiles.count == min(day + 1, 3) })
      #expect(eventually { daemon.ledgerReport?.isIntact == true }, "day \(day)")
    }
    #expect(daemon.stop() == 0)
    // That the first file was compressed stood in the second, which went, too.
    let removed = daemon.ledgerRecords("removed").compactMap { $0["last_seq"]?.integer }
    #expect(removed.count == 2 && daemon.ledgerReport?.first == (removed.last ?? 0) + 1)
    #expect(daemon.ledgerRecords("compressed").count == 3)
    #expect(daemon.ledgerReport?.isIntact == true)
  }

  /// A wrong clock removes nothing.
  @Test func aLeapOfTheClockRemovesNothing() throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    #expect(eventually { daemon.isApproved() })
    var made: [MarkedDrift] = []
    for clock in [0, ClockTests.year * 5, 0, -ClockTests.year, 60] {
      daemon.setFaults(["clock=\(clock)"])
      made.append(drift(daemon))
      #expect(eventually { made.last.map(daemon.ledgerHas) == true })
    }
    #expect(daemon.stop() == 0)
    daemon.start()
    #expect(daemon.control(["status"]).status == 0)
    #expect(daemon.stop() == 0)
    #expect(made.allSatisfy(daemon.ledgerHas))
    let report = try #require(daemon.ledgerReport)
    #expect(report.isIntact && report.first == 1, "\(report.findings)")
  }
}
