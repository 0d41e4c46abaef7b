import Linux
import MCPConfig
import Policy
import Testing

@testable import Incidents
@testable import Reporting

/// The two sources tell the same.
@Suite struct RecordTests {
  private func figures(_ record: ReportRecord?) -> String {
    guard case .incident(let entry) = record?.event else { return "no incident" }
    return
      "\(record!.host.text) \(entry.id.text) \(entry.discoveredAt.rfc3339) \(entry.severity) \(entry.action) "
      + "\(entry.user.text) \(entry.leadingKind.text) \(entry.kinds.map(\.text).sorted()) "
      + "\(entry.servers.map(\.text).sorted()) \(entry.latencyMicroseconds ?? -1) \(entry.count)"
  }

  static let incidents: [Incident] =
    [
      sampleIncident(),
      sampleIncident(user: nil, action: .failed, latency: nil, count: 12),
      sampleIncident([
        Finding(.credentialExposure, server: "git", field: "env", "a secret"),
        Finding(.serverDrift, server: "git", field: "env", "other env"),
        Finding(.prohibitedServer, server: "web-search", "prohibited"),
        Finding(.missingServer, server: "git", "gone"),
      ]),
      sampleIncident([
        Finding(.unauthorizedServer, server: "\u{1B}[2J\n\u{202E}", "x"),
        Finding(.unauthorizedServer, server: ByteString(String(repeating: "ö", count: 300)), "x"),
        Finding(.unauthorizedServer, server: ByteString([0xFF, 0x41]), "x"),
        Finding(
          .unauthorizedServer, server: ByteString(String(repeating: "\u{7}", count: 90)), "x"),
      ]),
      sampleIncident([Finding(.missingFile, "gone")], action: .reported),
    ] + Finding.Kind.allCases.map { sampleIncident([Finding($0, "x")], action: .held) }

  @Test(arguments: incidents) func ledgerAndJournalTellTheSame(_ incident: Incident) {
    let told = figures(counted(incident))
    #expect(told != "no incident")
    #expect(told == figures(journalRecord(JournalRecord(incident), at: incident.discoveredAt)))
  }

  @Test func anApprovalBySignatureIsItsSigners() {
    var record = AuditRecord(
      .approved, by: nil, generation: 2, at: moment("2026-01-02T03:04:05Z"), number: 4)
    record.signer = AuditRecord.Signer(
      principal: "alice@bank\u{7}", fingerprint: "SHA256:x", serial: 7)
    let ledger = ReportRecord(ledgerLine: ledgerLine("change", record.json, at: record.at))
    let journal = journalRecord(JournalRecord(record), at: record.at)
    guard case .change(let one) = ledger?.event, case .change(let other) = journal?.event else {
      Issue.record("it is no change")
      return
    }
    #expect(one == other)
    #expect(one.actor?.text == "alice@bank\\u{7}")
  }

  @Test func changesTellTheSame() {
    let actor = AuditRecord.Actor(uid: 0, pid: 7, name: "root", program: .unknown("sandbox"))
    for change in AuditRecord.Change.allCases {
      let record = AuditRecord(
        change, by: change == .grantExpired ? nil : actor, generation: 2,
        at: moment("2026-01-02T03:04:05Z"), server: "git", user: "alice", number: 4,
        reason: "to\ntry", ticket: "SEC-1", until: moment("2026-01-09"),
        sha256: SHA256Digest(of: []))
      let ledger = ReportRecord(ledgerLine: ledgerLine("change", record.json, at: record.at))
      let journal = journalRecord(JournalRecord(record), at: record.at)
      guard case .change(let one) = ledger?.event, case .change(let other) = journal?.event else {
        Issue.record("\(change) is no change")
        continue
      }
      #expect(one == other)
      #expect(one.reason == "to\\u{a}try" && one.change.text == change.rawValue)
    }
  }

  @Test func otherRecordsOfALedger() throws {
    func told(_ kind: String, _ data: JSON) -> ReportRecord.Event? {
      ReportRecord(ledgerLine: ledgerLine(kind, data, at: moment("2026-01-02")))?.event
    }
    guard case .started = told("start", ["version": "1"]), case .stopped = told("stop", [:]),
      case .modeChanged = told("mode", ["from": "observe", "to": "enforce"]),
      case .dropped("journal", 7) = told("drops", ["what": "journal", "count": 7]),
      case .removed = told("removed", ["file": "x"]), case .other = told("compressed", [:]),
      case .other = told("of tomorrow", []),
      case .overdue("1-1", "ciso") = told("overdue", ["incident": "1-1", "level": "ciso"]),
      case .response(let answer) = told("resolved", ["incident": "1-1", "by": "root"]),
      case .inventory(let users, 1) = told("inventory", ["users": ["bob": [], "alice": ["git"]]])
    else {
      Issue.record("a record isn't what it is")
      return
    }
    #expect(answer.step == .resolved && answer.incident == "1-1")
    #expect(users.map(\.user) == ["alice", "bob"] && users[0].servers == ["git"])
  }

  @Test func otherEntriesOfAJournal() {
    func told(_ id: String, _ extra: [(String, String)]) -> ReportRecord.Event? {
      journalRecord(
        JournalRecord(messageID: id, priority: 5, message: "x", extra: extra),
        at: moment("2026-01-02"))?.event
    }
    guard case .started = told(MessageID.daemonStarted, []),
      case .unprovisioned = told(MessageID.daemonUnprovisioned, []),
      case .dropped("ledger", 9) = told(MessageID.ledgerDropped, [("COUNT", "9")]),
      case .refused = told(MessageID.policyRefused, []), case .other = told("?", []),
      case .anchored(let head) = told("?", [("LEDGER_SEQ", "41"), ("LEDGER_HEAD", "ab")]),
      case .overdue("5-1", "ciso") = told(
        "?",
        [
          ("INCIDENT", "5-1"), ("CHANGE", "incident-overdue"), ("OVERDUE", "1"),
          ("ESCALATION", "ciso"),
        ]),
      case .response(let answer) = told(
        "?", [("INCIDENT", "5-1"), ("CHANGE", "incident-acknowledged")])
    else {
      Issue.record("an entry isn't what it is")
      return
    }
    #expect(head == AnchoredHead(sequence: 41, hash: "ab"))
    #expect(answer.step == .acknowledged)
    // What claims to be an incident and isn't one.
    #expect(told("?", [("INCIDENT", "x")]) == nil)
    #expect(
      told(
        "?", [("INCIDENT", "1-1"), ("SEVERITY", "grave"), ("ACTION", "restored"), ("KIND", "k")])
        == nil)
  }

  @Test func linesThatAreNone() {
    let whole = ledgerLine("incident", sampleIncident().json, at: moment("2026-01-02"))
    #expect(ReportRecord(ledgerLine: whole) != nil)
    for end in 0..<whole.count { #expect(ReportRecord(ledgerLine: Array(whole[..<end])) == nil) }
    for kind in ["incident", "change", "acknowledged", "overdue"] {
      #expect(ReportRecord(ledgerLine: ledgerLine(kind, [:], at: moment("2026-01-02"))) == nil)
    }
  }

  /// Sums stay far from what an integer holds.
  @Test func hostileFigures() {
    var data = sampleIncident(count: Int.max).json
    guard
      case .incident(let entry) = ReportRecord(
        ledgerLine: ledgerLine("incident", data, at: moment("2026-01-02")))?.event
    else { return #expect(Bool(false)) }
    #expect(entry.count == 1_000_000_000)
    data = sampleIncident(latency: Int.max, count: -5).json
    guard
      case .incident(let other) = ReportRecord(
        ledgerLine: ledgerLine("incident", data, at: moment("2026-01-02")))?.event
    else { return #expect(Bool(false)) }
    #expect(other.count == 1 && other.latencyMicroseconds == 1_000_000_000_000)
  }

  /// Whoever can write to a journal chooses its bytes.
  @Test func fieldsOfAnyBytesAreTaken() {
    var random = SystemRandomNumberGenerator()
    let names = [
      "MCPOLICY_", "MCPOLICY_KIND", "MCPOLICY_COUNT=", "MCPOLICY_LATENCY_USEC=",
      "MCPOLICY_INCIDENT=",
      "_HOSTNAME=", "MESSAGE_ID=", "=", "", "MCPOLICY_ACTION=restored", "MCPOLICY_SEVERITY=high",
    ]
    for _ in 0..<5000 {
      var fields = JournalFields()
      for name in names {
        let tail = (0..<Int.random(in: 0...40, using: &random)).map { _ in
          UInt8.random(in: 0...255, using: &random)
        }
        (Array(name.utf8) + tail).withUnsafeBytes { fields.take($0) }
      }
      _ = ReportRecord(fields, at: moment("2026-01-02"))
    }
    for id in ["", "-", "--", "1", "-1", "1-", "99999999999999999999-1", "٣-1"] {
      _ = ReportName.discovered(ByteString(id))
    }
    #expect(ReportName.discovered("1-1") == WallTime(microseconds: 1))
    #expect(ReportName.discovered("-1") == nil && ReportName.discovered("1a-1") == nil)
  }
}
