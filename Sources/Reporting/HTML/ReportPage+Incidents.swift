import Policy

extension ReportPage {
  static let severityColumns: [HTMLTable.Column] =
    [.number("Incidents")] + ReportText.severities.map { .number($0.rawValue.capitalizedWord) }

  static func cells(_ counts: SeverityCounts) -> [String] {
    ([counts.total] + ReportText.severities.map { counts[$0] }).map(ReportText.number)
  }

  static func incidents(_ report: ReportDocument) -> HTML {
    let incidents = report.incidents
    var actions = HTMLTable(
      "What was done about them", [.text("Action"), .number("Incidents"), .number("Share")])
    let total = incidents.counts.total
    for (name, count) in [
      ("Restored: the approved copy is back", incidents.restored),
      ("Reported: observe mode, nothing was touched", incidents.reported),
      ("Held: put back once the target is calm", incidents.held),
      ("Failed: could not be put back at that time", incidents.failed),
    ] {
      actions.add([name, ReportText.number(count), ReportText.share(count, of: total)])
    }
    actions.add(sum: ["All", ReportText.number(total), ReportText.share(total, of: total)])
    return """
      <p>\(ReportText.number(total)) incidents in \(ReportText.number(incidents.records.total)) records: where one \
      target drifts again and again, one record stands for several incidents.</p>
      \(DayChart(incidents.byDay).html)
      \(kinds(incidents))
      \(actions.html)
      """
  }

  private static func kinds(_ incidents: ReportDocument.Incidents) -> HTML {
    guard !incidents.byKind.rows.isEmpty else { return "" }
    let leading = incidents.byLeadingKind.rows
    let chart = BarChart(
      id: "kinds", title: "Incidents by kind of their worst finding", table: "Incidents by kind",
      bars: leading.map { row in
        BarChart.Bar(
          name: row.name, parts: ReportText.severities.map { ($0.rawValue, row.counts[$0]) },
          note: ReportText.number(row.counts.total))
      })
    var table = HTMLTable(
      "Incidents by kind",
      [
        .text("Kind"), .text("Class"), .number("As worst finding"), .number("As any finding"),
      ])
    for row in incidents.byKind.rows {
      let count = leading.first { $0.name == row.name }?.counts.total ?? 0
      let severity = Finding.Kind(rawValue: row.name)?.severity.rawValue ?? "–"
      table.add([row.name, severity, ReportText.number(count), ReportText.number(row.counts.total)])
    }
    table.add(
      sum: [
        "All", "",
        ReportText.number(incidents.byLeadingKind.rows.reduce(0) { $0 + $1.counts.total }), "–",
      ])
    return """
      <figure>\(chart.html)<figcaption>Incidents by the kind of their worst finding. \(DayChart.legend)</figcaption></figure>
      \(table.html)
      """
  }

  static func restores(_ report: ReportDocument) -> HTML {
    let restores = report.restores
    guard let mean = restores.mean, let p95 = restores.p95 else {
      return "<p class=\"none\">No restore with a time in this period.</p>\n"
    }
    let most = restores.bands.lastIndex { $0 > 0 } ?? 0
    let bands = zip(ReportText.bands, restores.bands).prefix(most + 1)
    let chart = BarChart(
      id: "bands", title: "Records by time to restore", table: "Time from discovery to restore",
      bars: bands.map {
        BarChart.Bar(name: $0, parts: [("plain", $1)], note: ReportText.number($1))
      })
    var table = HTMLTable(
      "Time from discovery to restore",
      [.text("Time"), .number("Records"), .number("Share")])
    for (name, count) in bands {
      table.add([
        name.capitalizedWord, ReportText.number(count), ReportText.share(count, of: restores.timed),
      ])
    }
    return """
      <dl class="line">
      <div><dt>Mean</dt><dd>\(ReportText.duration(mean))</dd></div>
      <div><dt>p95</dt><dd>\(ReportText.duration(p95))</dd></div>
      <div><dt>Longest</dt><dd>\(ReportText.duration(restores.max))</dd></div>
      <div><dt>Records with a time</dt><dd>\(ReportText.number(restores.timed))</dd></div>
      </dl>
      <figure>\(chart.html)<figcaption>Records by the time from the discovery of drift until the approved copy \
      stood again.</figcaption></figure>
      \(table.html)
      <p class="small">A record that stands for several restores counts once, with the slowest of them. The mean is \
      exact to a microsecond; p95 is exact below 256 µs and at most 0.8 % too high above.</p>

      """
  }

  static func days(_ report: ReportDocument) -> HTML {
    var table = HTMLTable("Incidents by day", [.text("Day (UTC)")] + severityColumns)
    table.style = "dense"
    for day in report.incidents.byDay { table.add([day.name] + cells(day.counts)) }
    table.add(sum: ["All"] + cells(report.incidents.counts))
    return table.html
  }
}
