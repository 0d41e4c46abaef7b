import Linux
import MCPConfig
import Policy
import Testing

@testable import Incidents
@testable import Reporting

@Suite struct TallyTests {
  /// Every figure against one counted by hand over the same list.
  @Test func figuresAreThoseOfANaiveCount() {
    var random = SystemRandomNumberGenerator()
    let kinds = Finding.Kind.allCases
    var all: [(host: String, incident: Incident)] = []
    for number in 0..<3000 {
      let findings = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        Finding(
          kinds.randomElement(using: &random)!,
          server: [nil, "git", "github"].randomElement(using: &random)!, "x")
      }.sorted { $0.severity > $1.severity }
      let time = moment("2025-12-30").advanced(
        bySeconds: Int.random(in: 0...(36 * 86_400), using: &random))
      all.append(
        (
          "vdi-\(number % 7)",
          sampleIncident(
            findings, at: time, number: number,
            user: ["alice", "bob", nil].randomElement(using: &random)!,
            action: [.restored, .reported, .held, .failed].randomElement(using: &random)!,
            latency: Bool.random(using: &random) ? number : nil,
            count: Int.random(in: 1...5, using: &random))
        ))
    }
    let report = sampleReport(sampleTally(all.map { counted($0.incident, host: $0.host) }))
    let within = all.filter { january.contains($0.incident.discoveredAt) }
    #expect(within.count > 2000 && within.count < all.count)
    func sum(_ passes: (String, Incident) -> Bool) -> Int {
      within.reduce(0) { passes($1.host, $1.incident) ? $0 + $1.incident.count : $0 }
    }
    let figures = report.incidents
    #expect(figures.counts.total == sum { _, _ in true })
    #expect(figures.records.total == within.count)
    for severity in Severity.allCases {
      #expect(figures.counts[severity] == sum { $1.severity == severity })
    }
    #expect(
      figures.restored == sum { $1.action == .restored }
        && figures.held == sum { $1.action == .held })
    #expect(
      figures.failed == sum { $1.action == .failed }
        && figures.reported == sum { $1.action == .reported })
    for row in figures.byKind.rows {
      #expect(
        row.counts.total
          == sum { _, incident in incident.findings.contains { $0.kind.rawValue == row.name } })
    }
    for row in figures.byLeadingKind.rows {
      #expect(row.counts.total == sum { $1.leading.kind.rawValue == row.name })
    }
    for row in figures.byUser.rows {
      #expect(row.counts.total == sum { ($1.user?.name ?? "root") == row.name })
    }
    for row in figures.byServer.rows {
      #expect(
        row.counts.total
          == sum { _, incident in incident.findings.contains { $0.server?.text == row.name } })
    }
    for day in figures.byDay {
      #expect(
        day.counts.total == sum { $1.discoveredAt.rfc3339.hasPrefix(day.name) }, "\(day.name)")
    }
    for host in report.hosts { #expect(host.counts.total == sum { one, _ in one == host.name }) }
    #expect(figures.byDay.count == 31 && report.hosts.count == 7)
    let times = within.filter { $0.incident.action == .restored }.compactMap(
      \.incident.latencyMicroseconds)
    #expect(report.restores.timed == times.count && report.restores.sum == times.reduce(0, +))
    #expect(report.restores.max == times.max())
  }

  @Test func theSameToldTwiceCountsOnce() {
    let incident = counted(sampleIncident())
    let change = event(.change(ChangeEntry(change: "server-revoked", server: "git")))
    let other = event(.change(ChangeEntry(change: "server-revoked", server: "github")))
    let report = sampleReport(
      sampleTally([incident, incident, change, change, other, event(.started), event(.started)]))
    #expect(report.incidents.counts.total == 1 && report.incidents.repeated == 1)
    #expect(report.changes.count(.revoked) == 2 && report.changes.entries.count == 2)
    #expect(report.hosts.map(\.starts) == [1])
  }

  @Test func responsesAgainstTheClass() {
    let early = sampleIncident(number: 1)
    let late = sampleIncident(number: 2)
    let unanswered = sampleIncident(number: 3)
    let low = sampleIncident([Finding(.permissionsDrift, "x")], number: 4)
    func answer(_ step: ResponseEntry.Step, _ incident: Incident, _ minutes: Int) -> ReportRecord {
      event(
        .response(ResponseEntry(step, incident: ByteString(incident.id))),
        at: incident.discoveredAt.advanced(byMinutes: minutes))
    }
    let report = sampleReport(
      sampleTally([
        // A record may stand before its incident's when files are read one after the other.
        answer(.acknowledged, early, 60), counted(early), counted(late), counted(unanswered),
        counted(low),
        answer(.resolved, early, 600), answer(.acknowledged, late, 61),
        answer(.resolved, low, 24 * 60),
        answer(.acknowledged, sampleIncident(number: 99), 1),
        event(.overdue(incident: ByteString(unanswered.id), level: "team-lead")),
        event(.overdue(incident: ByteString(unanswered.id), level: "team-lead")),
        event(.overdue(incident: ByteString(unanswered.id), level: "ciso")),
        event(.overdue(incident: "1-1", level: "ciso")),
      ]))
    let high = report.response.classes[1]
    #expect(high.severity == .high && high.withinMinutes == 60)
    #expect(high.records == 3 && high.answered == 2 && high.inTime == 1 && high.late == 1)
    #expect(high.unanswered == 1 && high.resolved == 1)
    #expect(high.meanSeconds == 3630 && high.maxSeconds == 3660)
    #expect(report.response.classes[3].inTime == 1)
    #expect(report.response.overdue == 2)
    #expect(report.response.byLevel.map(\.level) == ["ciso", "team-lead"])
  }

  @Test func anIncidentThatNobodyRespondedToIsRecordedSo() {
    let response = sampleReport(sampleTally([counted(sampleIncident())])).response
    #expect(response.isRecorded)
    #expect(response.classes.map(\.unanswered).reduce(0, +) == 1)
    #expect(!sampleReport(sampleTally([])).response.isRecorded)
  }

  @Test func theNewestInventoryOfEachHostHolds() {
    func inventory(
      _ day: String, _ host: ByteString, _ users: [(ByteString, [ByteString])], part: Int = 1
    ) -> ReportRecord {
      event(
        .inventory(users.map { UserInventory(user: $0, servers: $1) }, part: part),
        at: moment(day), host: host)
    }
    let report = sampleReport(
      sampleTally([
        inventory("2026-01-20", "a", [("alice", ["git", "aws-docs"]), ("bob", [])]),
        inventory("2026-01-10", "a", [("alice", ["web-search"])]),
        inventory("2026-01-21", "b", [("alice", ["aws-docs"])]),
        // A large one comes in parts, and a user may stand in two.
        inventory("2026-01-21", "b", [("alice", ["git"])], part: 2),
      ]))
    let entries = report.inventory.entries
    #expect(entries.map(\.user) == ["alice", "bob"])
    #expect(entries[0].servers == ["aws-docs", "git"] && entries[0].hosts == ["a", "b"])
    #expect(
      report.inventory.newest == moment("2026-01-21")
        && report.inventory.oldest == moment("2026-01-20"))
  }

  @Test func oneUsersReport() {
    var tally = ReportTally(january, user: "bob")
    for (number, user) in ["alice", "bob", "bob"].enumerated() {
      tally.add(counted(sampleIncident(number: number, user: user))!)
    }
    tally.add(event(.change(ChangeEntry(change: "server-granted", user: "alice"))))
    tally.add(event(.change(ChangeEntry(change: "server-revoked", server: "git"))))
    tally.add(
      event(
        .inventory(
          [UserInventory(user: "alice", servers: []), UserInventory(user: "bob", servers: [])],
          part: 1)))
    let report = sampleReport(tally)
    #expect(
      report.incidents.counts.total == 2 && report.incidents.byUser.rows.map(\.name) == ["bob"])
    #expect(report.changes.entries.map(\.change) == ["server-revoked"])
    #expect(report.inventory.entries.map(\.user) == ["bob"])
  }

  @Test func periods() {
    #expect(january.days.count == 31 && january.days.last?.text == "2026-01-31")
    #expect(
      january.contains(moment("2026-01-31T23:59:59.999999Z"))
        && !january.contains(moment("2026-02-01")))
    #expect(ReportPeriod(since: moment("2026-01-01"), until: moment("2026-01-01")) == nil)
    #expect(ReportPeriod(since: moment("1971-01-01"), until: moment("2026-01-01")) == nil)
    let odd = ReportPeriod(
      since: moment("2026-01-01T12:00:00Z"), until: moment("2026-01-03T12:00:00Z"))!
    #expect(odd.days.map(\.text) == ["2026-01-01", "2026-01-02", "2026-01-03"])
  }
}
