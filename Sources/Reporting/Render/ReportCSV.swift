import Linux
import MCPConfig
import Policy

/// Every figure as a line of its own: `section,name,detail,value`, after RFC 4180.
///
/// One shape for all, so that a spreadsheet can pivot it and a script read it without a schema.
enum ReportCSV {
  static func text(_ report: ReportDocument) -> String {
    var lines: [[String]] = [["section", "name", "detail", "value"]]
    func add(_ section: String, _ name: String, _ detail: String, _ value: String?) {
      if let value { lines.append([section, name, detail, value]) }
    }
    func add(_ section: String, _ name: String, _ detail: String, _ value: Int) {
      add(section, name, detail, String(value))
    }
    func add(_ section: String, _ name: String, _ counts: SeverityCounts) {
      add(section, name, "total", counts.total)
      for severity in ReportText.severities {
        add(section, name, severity.rawValue, counts[severity])
      }
    }
    func add(_ section: String, _ rows: ReportDocument.Rows) {
      for row in rows.rows { add(section, row.name, row.counts) }
      if rows.isCut { add(section, "(others)", rows.others) }
    }

    let header = report.header
    add("report", "since", "", header.since.rfc3339)
    add("report", "until", "", header.until.rfc3339)
    add("report", "days", "", header.days)
    add("report", "generated_at", "", header.generatedAt.rfc3339)
    add("report", "generator", "", header.generator)
    add("report", "source", "", header.source)
    add("report", "user", "", header.user)
    for caution in ReportText.cautions(report) { add("report", "caution", "", caution) }

    let incidents = report.incidents
    add("incidents", "count", incidents.counts)
    add("incidents", "records", incidents.records)
    add("incidents", "repeated", "", incidents.repeated)
    add("incidents_by_action", "restored", "", incidents.restored)
    add("incidents_by_action", "reported", "", incidents.reported)
    add("incidents_by_action", "held", "", incidents.held)
    add("incidents_by_action", "failed", "", incidents.failed)
    add("incidents_by_leading_kind", incidents.byLeadingKind)
    add("incidents_by_kind", incidents.byKind)
    add("incidents_by_user", incidents.byUser)
    add("incidents_by_server", incidents.byServer)
    for day in incidents.byDay { add("incidents_by_day", day.name, day.counts) }

    let restores = report.restores
    add("restores", "timed_records", "", restores.timed)
    add("restores", "mean", "usec", restores.mean.map(String.init))
    add("restores", "p95", "usec", restores.p95.map(String.init))
    add("restores", "max", "usec", restores.max)
    for (band, count) in zip(ReportText.bands, restores.bands) {
      add("restores", "band", band, count)
    }

    let response = report.response
    add("response", "recorded", "", response.isRecorded ? "yes" : "no")
    for one in response.classes {
      let name = one.severity.rawValue
      add("response", name, "respond_within_minutes", one.withinMinutes)
      add("response", name, "records", one.records)
      guard response.isRecorded else { continue }
      add("response", name, "responded", one.answered)
      add("response", name, "in_time", one.inTime)
      add("response", name, "late", one.late)
      add("response", name, "not_responded", one.unanswered)
      add("response", name, "resolved", one.resolved)
      add("response", name, "mean_seconds", one.meanSeconds.map(String.init))
      add("response", name, "max_seconds", one.maxSeconds.map(String.init))
    }
    if response.isRecorded { add("response", "overdue", "", response.overdue) }
    for level in response.byLevel {
      add("response", "overdue", "level \(level.level)", level.count)
    }
    addRest(report, add, add)
    return lines.map { $0.map(cell).joined(separator: ",") + "\r\n" }.joined()
  }

  private static func addRest(
    _ report: ReportDocument, _ text: (String, String, String, String?) -> Void,
    _ number: (String, String, String, Int) -> Void
  ) {
    for host in report.hosts {
      number("hosts", host.name, "incidents", host.counts.total)
      for severity in ReportText.severities {
        number("hosts", host.name, severity.rawValue, host.counts[severity])
      }
      number("hosts", host.name, "starts", host.starts)
      number("hosts", host.name, "days_with_records", host.daysWithRecords)
      text("hosts", host.name, "first_record", host.first?.rfc3339)
      text("hosts", host.name, "last_record", host.last?.rfc3339)
      text("hosts", host.name, "ledger_seq", host.head.map { String($0.sequence) })
      text("hosts", host.name, "ledger_head", host.head?.hash.text)
    }
    for (change, count) in report.changes.counts { number("changes", change, "count", count) }
    for (index, entry) in report.changes.entries.enumerated() {
      let name = "\(index + 1)"
      text("change", name, "at", entry.at.rfc3339)
      text("change", name, "host", entry.host)
      text("change", name, "change", entry.change)
      text("change", name, "actor", entry.actor)
      text("change", name, "server", entry.server)
      text("change", name, "user", entry.user)
      text("change", name, "until", entry.until)
      text("change", name, "ticket", entry.ticket)
      text("change", name, "reason", entry.reason)
      text("change", name, "sha256", entry.sha256)
    }
    for entry in report.inventory.entries {
      for server in entry.servers { number("inventory", entry.user, server, entry.hosts.count) }
    }
    let records = report.records
    number("records", "unreadable", "", records.unreadable)
    number("records", "dropped", "", records.dropped)
    number("records", "removed_files", "", records.removedFiles)
    number("records", "policies_refused", "", records.refusals)
    number("records", "starts_unprovisioned", "", records.unprovisioned)
    number("records", "mode_changes", "", records.modeChanges)
    text("records", "ledger", "", LedgerCheck.sentence(records.ledger))
    for control in ControlMapping.all(report) {
      for evidence in control.evidence {
        text("control", control.control, control.title, evidence)
      }
    }
  }

  /// Quoted, and never a formula: a spreadsheet would run what starts with one of these signs, and may pass
  /// over whatever shows nothing before it.
  static func cell(_ text: String) -> String {
    var text = text
    let breaks = "\t\r\n".unicodeScalars
    if let first = text.unicodeScalars.first(where: { breaks.contains($0) || !isBlank($0) }),
      breaks.contains(first) || "=+-@|%＝＋－＠".unicodeScalars.contains(first)
    {
      text = "'" + text
    }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }

  /// Spaces of all kinds, and what has no width.
  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint {
      return true
    }
    return switch scalar.properties.generalCategory {
    case .format, .control: true
    default: false
    }
  }
}
