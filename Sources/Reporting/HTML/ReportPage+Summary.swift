import Policy

extension ReportPage {
  static func summary(_ report: ReportDocument) -> HTML {
    let incidents = report.incidents
    let total = incidents.counts.total
    let response = report.response
    let inTime = response.classes.reduce(0) { $0 + $1.inTime }
    let severe: [HTML] = ReportText.severities.map {
      "<span><span class=\"key \($0.rawValue)\"></span>\(ReportText.number(incidents.counts[$0])) \($0.rawValue)</span> "
    }
    let ledger = report.records.ledger
    let restores = report.restores
    let restored = ReportText.number(incidents.restored)
    let ended =
      "\(restored) of \(ReportText.number(total)); \(ReportText.number(incidents.failed)) failed"
    let responses =
      response.isRecorded
      ? "\(ReportText.number(inTime)) of \(ReportText.number(incidents.records.total)) records"
      : "none in this source"
    let changes = report.changes.counts.reduce(0) { $0 + $1.count }
    var figures: HTML = figure(
      "Incidents", ReportText.number(total), "<span class=\"legend\">\(severe)</span>")
    figures += figure("Restored", ReportText.share(incidents.restored, of: total), "\(ended)")
    let times = [restores.mean, restores.p95].map { $0.map { ReportText.duration($0) } ?? "–" }
    figures += figure("Mean time to restore", times[0], "p95 \(times[1])")
    figures += figure(
      "Responses in time",
      response.isRecorded ? ReportText.share(inTime, of: incidents.records.total) : "not recorded",
      "\(responses)")
    figures += figure(
      "Changes of what holds", ReportText.number(changes), "approvals, grants, revocations, reloads"
    )
    let verified = ledger.map { amount($0.records, "record") } ?? "by this report"
    figures += figure(
      "Ledger", ledger.map { $0.findings.isEmpty ? "verified" : "broken" } ?? "not verified",
      "\(verified)")
    return """
      <section id="summary" aria-labelledby="summary-h">
      <h2 id="summary-h">Summary</h2>
      <dl class="figures">
      \(figures)</dl>
      \(cautions(report))</section>
      """
  }

  private static func figure(_ name: String, _ value: String, _ note: HTML) -> HTML {
    """
    <div><dt>\(name)</dt><dd class="value">\(value)</dd><dd class="detail">\(note)</dd></div>
    """
  }

  private static func cautions(_ report: ReportDocument) -> HTML {
    let cautions = ReportText.cautions(report)
    if cautions.isEmpty { return "" }
    let items: [HTML] = cautions.map { "<li>\($0)</li>" }
    return """
      <div class="cautions"><h3>Read with the figures</h3><ul>\(items)</ul></div>

      """
  }
}
