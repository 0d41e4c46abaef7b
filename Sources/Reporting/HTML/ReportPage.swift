import Policy

/// The report as one page that needs nothing else: no script, no font, no picture from elsewhere.
enum ReportPage {
  /// Rows of a table; JSON and CSV have all.
  static let most = 100

  static func html(_ report: ReportDocument) -> HTML {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="referrer" content="no-referrer">
    <title>MCP configuration compliance report, \(ReportText.period(report.header))</title>
    <style>
    \(ReportStyle.sheet)
    </style>
    </head>
    <body>
    \(heading(report))
    <main>
    \(summary(report))
    \(sections(report))
    </main>
    \(foot(report))
    </body>
    </html>

    """
  }

  private static func heading(_ report: ReportDocument) -> HTML {
    let header = report.header
    let hosts = report.hosts.count == 1 ? report.hosts[0].name : "\(report.hosts.count) hosts"
    let user: HTML = header.user.map { "<div><dt>User</dt><dd>\($0)</dd></div>" } ?? ""
    return """
      <header>
      <p class="kicker">mcpolicyd · Model Context Protocol on VDI hosts</p>
      <h1>MCP configuration compliance report</h1>
      <dl class="facts">
      <div><dt>Period</dt><dd>\(ReportText.period(header)) · \(amount(header.days, "day")), UTC</dd></div>
      <div><dt>Hosts</dt><dd>\(hosts)</dd></div>
      \(user)
      <div><dt>Source</dt><dd>\(header.source)</dd></div>
      <div><dt>Written</dt><dd>\(ReportText.minute(header.generatedAt)) by \(header.generator)</dd></div>
      </dl>
      </header>
      """
  }

  private static let parts:
    [(id: String, title: String, body: @Sendable (ReportDocument) -> HTML)] = [
      ("incidents", "Incidents", incidents), ("restores", "Time to restore", restores),
      ("response", "Response against the class", response),
      ("where", "Hosts, users and servers", places),
      ("changes", "Approvals, grants and revocations", changes),
      ("inventory", "Effective servers of each user", inventory),
      ("controls", "Which evidence supports which control", controls),
      ("records", "The records and their integrity", records),
      ("days", "Annex: incidents by day", days),
    ]

  private static func sections(_ report: ReportDocument) -> HTML {
    var html: HTML = "<nav aria-label=\"Contents\"><ol>"
    for part in parts { html += "<li><a href=\"#\(part.id)\">\(part.title)</a></li>" }
    html += "</ol></nav>\n"
    for (number, part) in parts.enumerated() {
      html += """
        <section id="\(part.id)" aria-labelledby="\(part.id)-h">
        <h2 id="\(part.id)-h"><span class="no">\(number + 1)</span> \(part.title)</h2>
        \(part.body(report))</section>

        """
    }
    return html
  }

  private static func foot(_ report: ReportDocument) -> HTML {
    """
    <footer>
    <p>Written by \(report.header.generator) on \(ReportText.minute(report.header.generatedAt)) from \
    \(report.header.source). All times are UTC. Figures are sums of records; nothing is estimated unless it is \
    said beside the figure.</p>
    <div class="review"><p>Reviewed by</p><p>Date and signature</p></div>
    </footer>
    """
  }
}
