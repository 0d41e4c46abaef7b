import Linux
import MCPConfig
import Policy

@testable import Incidents
@testable import Reporting

/// 2026-01-01 to 2026-01-31, both whole.
let january = ReportPeriod(since: moment("2026-01-01"), until: moment("2026-02-01"))!

func moment(_ text: String) -> WallTime {
  WallTime(rfc3339: text.contains("T") ? text : "\(text)T00:00:00Z")!
}

func sampleIncident(
  _ findings: [Finding] = [Finding(.serverDrift, server: "git", field: "args", "other args")],
  at time: WallTime = moment("2026-01-10T08:00:00Z"), number: Int = 1, user: String? = "alice",
  action: Action = .restored, latency: Int? = 200, count: Int = 1
) -> Incident {
  var incident = Incident(
    discoveredAt: time, target: "kiro", path: "/home/x/mcp.json",
    user: user.map { UserIdentity(uid: 1001, name: $0, groups: []) }, findings: findings,
    action: action, mode: .enforce, generation: 3, latencyMicroseconds: latency,
    expected: SHA256Digest(of: []), found: SHA256Digest(of: [1]), evidence: nil)
  incident.id = "\(time.microseconds)-\(number)"
  incident.count = count
  return incident
}

/// A line of a ledger as it is written; the chain isn't looked at here.
func ledgerLine(_ kind: String, _ data: JSON, at time: WallTime, host: String = "vdi-1") -> [UInt8]
{
  let record: JSON = [
    "at": .text(time.rfc3339), "data": data, "hash": .text(String(repeating: "0", count: 64)),
    "host": .text(host), "kind": .text(kind), "prev": .text(String(repeating: "0", count: 64)),
    "seq": 1,
  ]
  return record.canonicalForm
}

/// An entry as libsystemd has it.
func journalRecord(_ record: JournalRecord, at time: WallTime, host: String = "vdi-1")
  -> ReportRecord?
{
  var fields = JournalFields()
  var seen: Set<String> = []
  // The journal keeps each value of a field once, and in no order.
  for field in record.fields.reversed() + [("_HOSTNAME", host), ("_SYSTEMD_UNIT", "x")] {
    let text = "\(field.0)=\(field.1)"
    guard seen.insert(text).inserted else { continue }
    Array(text.utf8).withUnsafeBytes { fields.take($0) }
  }
  return ReportRecord(fields, at: time)
}

func sampleTally(_ records: [ReportRecord?], _ period: ReportPeriod = january) -> ReportTally {
  var tally = ReportTally(period)
  for record in records { record.map { tally.add($0) } ?? tally.addUnreadable() }
  return tally
}

func sampleReport(_ tally: ReportTally, ledger: LedgerCheck? = nil) -> ReportDocument {
  ReportDocument(
    tally, source: "the ledger /x", generator: "mcpolicyctl 0.1.0", at: moment("2026-02-01"),
    ledger: ledger)
}

func event(
  _ event: ReportRecord.Event, at time: WallTime = moment("2026-01-10"), host: ByteString = "vdi-1"
) -> ReportRecord {
  ReportRecord(host: host, at: time, event)
}

func counted(_ incident: Incident, host: String = "vdi-1") -> ReportRecord? {
  ReportRecord(
    ledgerLine: ledgerLine("incident", incident.json, at: incident.discoveredAt, host: host))
}
