import Foundation
import MCPConfig
import Support
import Testing

/// Nobody responds in time, by a clock that is moved.
@Suite(.serialized) struct OverdueTests {
  private static let quarter = 15 * 60

  private func overdue(_ daemon: RunningDaemon) -> [ToldIncident] {
    daemon.audits("incident-overdue")
  }

  /// The level that the status tells of, by incident.
  private func levels(_ daemon: RunningDaemon) -> [String: String] {
    var found: [String: String] = [:]
    for one in daemon.status?["overdue_incidents"]?.elements ?? [] {
      found[one["id"]?.string?.text ?? "?"] = one["escalation"]?.string?.text
    }
    return found
  }

  private func told(_ daemon: RunningDaemon) throws -> String {
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) })
    return try #require(daemon.incidents(of: drift).first?.value("INCIDENT"))
  }

  /// An unauthorized server is high: an hour. It is told then, once, also over a restart; who is to
  /// know goes up the matrix.
  @Test func overdueIsToldOnce() throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    let (late, taken) = (try told(daemon), try told(daemon))
    #expect(daemon.control(["ack", taken]).status == 0)
    daemon.setFaults(["clock=\(Self.quarter * 3)"])
    #expect(levels(daemon).isEmpty && overdue(daemon).isEmpty)
    daemon.setFaults(["clock=\(Self.quarter * 4 + 60)"])
    // The next turn of the loop sees the clock.
    _ = daemon.status
    #expect(eventually { overdue(daemon).count == 1 })
    #expect(levels(daemon) == [late: "ciso"])
    let record = try #require(overdue(daemon).first)
    #expect(record.value("OVERDUE") == "1" && record.value("ESCALATION") == "ciso")
    #expect(record.value("INCIDENT") == late && record.value("SEVERITY") == "high")
    // What isn't on disk yet is told again after a kill.
    #expect(
      eventually {
        daemon.root.read("var/lib/mcpolicyd/incidents/life.jsonl")?.contains(#""level":"ciso""#)
          == true
      })
    daemon.signal(SIGKILL)
    _ = daemon.wait()
    daemon.start(under: daemon.faultEnvironment())
    #expect(levels(daemon) == [late: "ciso"])
    daemon.setFaults(["clock=\(Self.quarter * 4 * 24 + 60)"])
    #expect(eventually { levels(daemon) == [late: "regulator"] })
    #expect(overdue(daemon).count == 1, "told again")
    #expect(daemon.control(["resolve", late, "--note", "late"]).status == 0)
    #expect(levels(daemon).isEmpty)
    #expect(daemon.status?["incidents"]?["overdue"]?.integer == 0)
    #expect(daemon.stop() == 0)
  }

  /// What became overdue while the daemon was away is told at its start.
  @Test func overdueWhileTheDaemonWasAway() throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    let late = try told(daemon)
    #expect(daemon.stop() == 0)
    daemon.setFaults(["clock=\(Self.quarter * 4 * 25)"])
    daemon.start(under: daemon.faultEnvironment())
    #expect(eventually { overdue(daemon).count == 1 })
    #expect(overdue(daemon).first?.value("ESCALATION") == "regulator")
    #expect(levels(daemon) == [late: "regulator"])
  }

  /// A full disk takes no acknowledgement: that is said, it holds meanwhile, and is stored later.
  @Test func aFullDiskIsSaid() throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    let id = try told(daemon)
    daemon.setFaults(["call=write,create path=/var/lib/mcpolicyd/incidents errno=\(ENOSPC)"])
    let result = daemon.control(["ack", id])
    #expect(result.status == 5 && result.output.contains("No space left on device"))
    let problems = daemon.status?["problems"]?.elements?.compactMap { $0.string?.text } ?? []
    #expect(problems.contains { $0.contains("can't be stored") }, "\(problems)")
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) }, "restores go on")
    daemon.setFaults([])
    #expect(eventually(seconds: 30) { daemon.status?["problems"]?.elements?.isEmpty == true })
    daemon.signal(SIGKILL)
    _ = daemon.wait()
    daemon.start(under: daemon.faultEnvironment())
    #expect(daemon.status?["incidents"]?["acknowledged"]?.integer == 1)
  }

  /// A disk that doesn't answer holds nobody but who asked.
  @Test func aDiskThatHangsHoldsNothing() throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    _ = try told(daemon)
    daemon.setFaults(["call=write,fsync,create thread=life hang"])
    for _ in 0..<3 { _ = try told(daemon) }
    #expect(daemon.status?["incidents"]?["awaiting"]?.integer == 4)
    daemon.setFaults([])
    #expect(daemon.stop() == 0)
  }
}
