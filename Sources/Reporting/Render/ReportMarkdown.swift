import Linux
import Policy

/// The report as GitHub Flavored Markdown: also what a terminal shows.
enum ReportMarkdown {
  /// Rows of a table; JSON and CSV have all.
  static let most = 50

  static func text(_ report: ReportDocument) -> String {
    let header = report.header
    var text = """
      # MCP configuration compliance report

      - Period: \(ReportText.period(header)), \(amount(header.days, "day")) in UTC
      - Hosts: \(report.hosts.count == 1 ? escaped(report.hosts[0].name) : "\(report.hosts.count)")
      - Source: \(escaped(header.source))
      - Written: \(ReportText.minute(header.generatedAt)) by \(escaped(header.generator))
      - \(escaped(LedgerCheck.sentence(report.records.ledger)))

      """
    for caution in ReportText.cautions(report) { text += "- \(escaped(caution))\n" }
    text += incidents(report) + response(report.response) + people(report)
    text += changes(report.changes) + inventory(report.inventory) + controls(report)
    return text
  }

  private static let severities = ReportText.severities.map { $0.rawValue.capitalizedWord }

  private static func cells(_ counts: SeverityCounts) -> [String] {
    ([counts.total] + ReportText.severities.map { counts[$0] }).map(ReportText.number)
  }

  private static func incidents(_ report: ReportDocument) -> String {
    let incidents = report.incidents
    let restores = report.restores
    var text = "\n## Incidents\n\n"
    text += table(
      ["", "Incidents"] + severities,
      [["Incidents"] + cells(incidents.counts), ["Records"] + cells(incidents.records)])
    text += """

      Restored \(ReportText.number(incidents.restored)), reported \(ReportText.number(incidents.reported)), \
      held \(ReportText.number(incidents.held)), failed \(ReportText.number(incidents.failed)).

      """
    if let mean = restores.mean, let p95 = restores.p95 {
      text += """
        Time to restore: mean \(ReportText.duration(mean)), p95 \(ReportText.duration(p95)), longest \
        \(ReportText.duration(restores.max)), of \(amount(restores.timed, "record")).

        """
    }
    let any = Dictionary(
      uniqueKeysWithValues: incidents.byKind.rows.map { ($0.name, $0.counts.total) })
    text += "\n### By kind\n\n"
    text += table(
      ["Kind", "Worst finding", "Any finding"],
      incidents.byKind.rows.map { row in
        let leading = incidents.byLeadingKind.rows.first { $0.name == row.name }?.counts.total ?? 0
        return [row.name, ReportText.number(leading), ReportText.number(any[row.name] ?? 0)]
      })
    text += "\n### By day\n\n"
    text += table(
      ["Day", "Incidents"] + severities, incidents.byDay.map { [$0.name] + cells($0.counts) })
    return text
  }

  private static func response(_ response: ReportDocument.Response) -> String {
    var text = "\n## Response\n\n"
    guard response.isRecorded else { return text + "Not recorded in this source.\n" }
    text += table(
      ["Class", "Within", "Records", "In time", "Late", "Not responded", "Mean", "Longest"],
      response.classes.map { one in
        [
          one.severity.rawValue, ReportText.within(one.withinMinutes),
        ]
          + [one.records, one.inTime, one.late, one.unanswered].map(ReportText.number)
          + [one.meanSeconds, one.maxSeconds].map { $0.map(ReportText.duration(seconds:)) ?? "–" }
      })
    return text + "\nEscalated as overdue: \(ReportText.number(response.overdue)).\n"
  }

  private static func people(_ report: ReportDocument) -> String {
    let incidents = report.incidents
    var text = "\n## Hosts, users and servers\n\n"
    text += table(
      ["Host", "Incidents"] + severities + ["Starts", "Days with records"],
      report.hosts.prefix(most).map {
        [$0.name] + cells($0.counts) + [$0.starts, $0.daysWithRecords].map(ReportText.number)
      })
    text += more(report.hosts.count)
    for (title, rows) in [("User", incidents.byUser), ("Server", incidents.byServer)] {
      text += "\n### By \(title.lowercased())\n\n"
      text += table(
        [title, "Incidents"] + severities,
        rows.rows.prefix(most).map { [$0.name] + cells($0.counts) })
      text += more(rows.rows.count)
    }
    return text
  }

  private static func changes(_ changes: ReportDocument.Changes) -> String {
    var text = "\n## Changes of what holds\n\n"
    text += table(
      ["Change", "Count"], changes.counts.map { [$0.change, ReportText.number($0.count)] })
    if !changes.entries.isEmpty {
      text += "\n"
      text += table(
        ["At", "Host", "Change", "By", "About", "Why"],
        changes.entries.prefix(most).map { entry in
          [
            ReportText.minute(entry.at), entry.host, entry.change, entry.actor ?? "mcpolicyd",
            entry.subject, entry.why,
          ]
        })
      text += more(changes.entries.count)
    }
    return text
  }

  private static func inventory(_ inventory: ReportDocument.Inventory) -> String {
    var text = "\n## Effective servers of each user\n\n"
    guard let newest = inventory.newest else { return text + "Not recorded in this source.\n" }
    text += "As recorded until \(ReportText.minute(newest)).\n\n"
    text += table(
      ["User", "Servers", "Hosts"],
      inventory.entries.prefix(most).map {
        [$0.user, $0.servers.isEmpty ? "none" : $0.servers.joined(separator: ", "), $0.hostsText]
      })
    return text + more(inventory.entries.count)
  }

  private static func controls(_ report: ReportDocument) -> String {
    var text = "\n## Which evidence supports which control\n\n"
    text +=
      "MAS Technology Risk Management Guidelines. Whether a control is met isn't decided here.\n\n"
    return text
      + table(
        ["Control", "Title", "Evidence"],
        ControlMapping.all(report).map {
          [$0.control, $0.title, $0.evidence.joined(separator: " ")]
        })
  }

  private static func more(_ count: Int) -> String {
    count > most ? "\n\(ReportText.number(count - most)) more in JSON and CSV.\n" : ""
  }

  private static func table(_ headings: [String], _ rows: [[String]]) -> String {
    guard !rows.isEmpty else { return "None.\n" }
    var lines = [headings, headings.map { _ in "---" }]
    lines += rows.map { $0.map(escaped) }
    return lines.map { "| \($0.joined(separator: " | ")) |\n" }.joined()
  }

  /// Nothing in it is Markdown or HTML: each sign that either could take is escaped.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "#", "!": escaped += "\\\(scalar)"
      // A bare address or a name with @ would become a link.
      case "@": escaped += "&#64;"
      case ":": escaped += text.contains("://") ? "&#58;" : ":"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

extension String {
  var capitalizedWord: String { prefix(1).uppercased() + dropFirst() }
}

extension ReportDocument.Changes.Entry {
  /// Server, user and end, as far as the change has them.
  var subject: String {
    var words: [String] = []
    if let server { words.append(server) }
    if let user { words.append("for \(user)") }
    if let until { words.append("until \(until.prefix(16).replacingT)Z") }
    if words.isEmpty, let sha256 { words.append("SHA-256 \(sha256.prefix(12))…") }
    return words.isEmpty ? "–" : words.joined(separator: " ")
  }

  /// Ticket and reason.
  var why: String {
    let words = [ticket, reason].compactMap { $0 }.filter { !$0.isEmpty }
    return words.isEmpty ? "–" : words.joined(separator: ": ")
  }
}

extension Substring {
  fileprivate var replacingT: String { split(separator: "T").joined(separator: " ") }
}

extension ReportDocument.Inventory.Entry {
  /// Names of few, the number of many.
  var hostsText: String {
    hosts.count <= 3 ? hosts.joined(separator: ", ") : "\(hosts.count) hosts"
  }
}
