import MCPConfig
import Policy

extension ReportPage {
  static func response(_ report: ReportDocument) -> HTML {
    let response = report.response
    var table = HTMLTable(
      "Responses by class",
      [
        .text("Class"), .text("Within"), .number("Records"), .number("In time"), .number("Late"),
        .number("Not responded"), .number("Resolved"), .number("Mean"), .number("Longest"),
      ])
    for one in response.classes {
      let times = [one.meanSeconds, one.maxSeconds].map {
        $0.map(ReportText.duration(seconds:)) ?? "–"
      }
      let figures =
        response.isRecorded
        ? [one.inTime, one.late, one.unanswered, one.resolved].map(ReportText.number)
        : ["–", "–", "–", "–"]
      table.add(
        [
          one.severity.rawValue.capitalizedWord, ReportText.within(one.withinMinutes),
          ReportText.number(one.records),
        ] + figures + times)
    }
    guard response.isRecorded else {
      return """
        <p class="none">Not recorded: this source has no record of a daemon that would tell of a \
        response.</p>
        \(table.html)
        """
    }
    let chart = BarChart(
      id: "classes", title: "Responses by class", table: "Responses by class",
      bars: response.classes.filter { $0.records > 0 }.map { one in
        BarChart.Bar(
          name: "\(one.severity.rawValue), \(ReportText.within(one.withinMinutes))",
          parts: [("in-time", one.inTime), ("late", one.late)],
          note: "\(ReportText.number(one.inTime)) of \(ReportText.number(one.records))",
          whole: one.records)
      }, isShares: true)
    return """
      <figure>\(chart.html)<figcaption>Share of incident records with a response within the time of their class. \
      <span class="legend"><span><span class="key in-time"></span>in time</span> \
      <span><span class="key late"></span>late</span> \
      <span><span class="key empty"></span>not responded</span></span></figcaption></figure>
      \(table.html)
      \(escalations(response))
      <p class="small">A response is the first acknowledgement or resolution of an incident; it is recorded by a \
      person. Restored drift is to be responded to as well: someone is to ask how it came about. Not responded: not until \
      this report was written, or 48 hours after its period.</p>

      """
  }

  private static func escalations(_ response: ReportDocument.Response) -> HTML {
    var table = HTMLTable("Escalated as overdue", [.text("Level"), .number("Incidents")])
    for level in response.byLevel { table.add([level.level, ReportText.number(level.count)]) }
    return table.html
  }

  static func controls(_ report: ReportDocument) -> HTML {
    var table = HTMLTable(
      "Evidence by control", [.text("Section"), .text("Title"), .text("Evidence in this report")])
    table.style = "wide"
    for control in ControlMapping.all(report) {
      let items: [HTML] = control.evidence.map { "<li>\($0)</li>" }
      table.add(html: ["\(control.control)", "\(control.title)", "<ul>\(items)</ul>"])
    }
    return """
      <p>Sections of the Technology Risk Management Guidelines of the Monetary Authority of Singapore. The table says \
      which evidence bears on which section; it doesn't say that a section is met.</p>
      \(table.html)
      """
  }

  static func records(_ report: ReportDocument) -> HTML {
    let records = report.records
    var table = HTMLTable(
      "What was recorded, and what was not", [.text("Record"), .number("Number")])
    for (name, number) in [
      ("Incident records counted", report.incidents.records.total),
      ("Records that told an incident again, counted once", report.incidents.repeated),
      ("Records dropped by a host when too much came at once", records.dropped),
      ("Entries that could not be read as a record", records.unreadable),
      ("Ledger files that retention removed", records.removedFiles),
      ("Policies refused", records.refusals),
      ("Starts without an approved configuration", records.unprovisioned),
      ("Changes of mode", records.modeChanges),
    ] {
      table.add([name, ReportText.number(number)])
    }
    let findings: [HTML] = (records.ledger?.findings ?? []).prefix(most).map { "<li>\($0)</li>" }
    let list: HTML = findings.isEmpty ? "" : "<ul class=\"findings\">\(findings)</ul>"
    return """
      <p>\(LedgerCheck.sentence(records.ledger))</p>
      \(list)
      \(table.html)
      \(heads(report))
      """
  }

  /// What the hosts' journals say of their ledgers' ends: a ledger that was cut can't agree with it.
  private static func heads(_ report: ReportDocument) -> HTML {
    let anchored = report.hosts.filter { $0.head != nil }
    if anchored.isEmpty { return "" }
    var table = HTMLTable(
      "Newest ledger head of each host in the journal",
      [.text("Host"), .number("Record"), .text("SHA-256")])
    for host in anchored.prefix(most) {
      table.add(html: [
        "\(host.name)", "\(ReportText.number(host.head?.sequence ?? 0))",
        "<code>\(host.head?.hash.text ?? "")</code>",
      ])
    }
    return "\(table.html)\(more(anchored.count))"
  }
}
