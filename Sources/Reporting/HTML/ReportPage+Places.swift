import Policy

extension ReportPage {
  static func places(_ report: ReportDocument) -> HTML {
    var hosts = HTMLTable(
      "Incidents by host",
      [.text("Host")] + severityColumns + [.number("Starts"), .number("Days with records")])
    for host in report.hosts.prefix(most) {
      hosts.add(
        [host.name] + cells(host.counts) + [
          ReportText.number(host.starts), "\(host.daysWithRecords) of \(report.header.days)",
        ])
    }
    return """
      \(hosts.html)\(more(report.hosts.count))
      \(table("Incidents by user", "User", report.incidents.byUser))
      \(table("Incidents by server that a finding names", "Server", report.incidents.byServer))
      <p class="small">An incident whose findings name several servers counts under each of them, and one that \
      names none, such as a missing file, under no server.</p>

      """
  }

  private static func table(_ caption: String, _ title: String, _ rows: ReportDocument.Rows) -> HTML
  {
    var table = HTMLTable(caption, [.text(title)] + severityColumns)
    for row in rows.rows.prefix(most) { table.add([row.name] + cells(row.counts)) }
    if rows.isCut { table.add(sum: ["others, not listed"] + cells(rows.others)) }
    return "\(table.html)\(more(rows.rows.count))"
  }

  static func more(_ count: Int) -> HTML {
    count > most
      ? "<p class=\"small\">\(ReportText.number(count - most)) more in JSON and CSV.</p>\n" : ""
  }

  static func changes(_ report: ReportDocument) -> HTML {
    let changes = report.changes
    var counts = HTMLTable("Changes by kind", [.text("Change"), .number("Number")])
    for (change, count) in changes.counts { counts.add([change, ReportText.number(count)]) }
    counts.add(sum: ["All", ReportText.number(changes.counts.reduce(0) { $0 + $1.count })])
    var entries = HTMLTable(
      "Changes, in the order of their time, without reloads",
      [
        .text("At (UTC)"), .text("Host"), .text("Change"), .text("By"), .text("About"),
        .text("Ticket and reason"),
      ])
    entries.style = "wide"
    for entry in changes.entries.prefix(most) {
      entries.add([
        String(ReportText.minute(entry.at).dropLast(4)), entry.host, entry.change,
        entry.actor ?? "mcpolicyd", entry.subject, entry.why,
      ])
    }
    return "\(counts.html)\(entries.html)\(more(changes.entries.count))"
  }

  static func inventory(_ report: ReportDocument) -> HTML {
    let inventory = report.inventory
    guard let newest = inventory.newest, let oldest = inventory.oldest else {
      return """
        <p class="none">Not recorded: this source has no inventory in this period.</p>

        """
    }
    var table = HTMLTable(
      "Servers that each user may have", [.text("User"), .text("Servers"), .text("Hosts")])
    for entry in inventory.entries.prefix(most) {
      table.add([
        entry.user, entry.servers.isEmpty ? "none" : entry.servers.joined(separator: ", "),
        entry.hostsText,
      ])
    }
    let range =
      oldest == newest
      ? "of \(ReportText.minute(newest))"
      : "of \(ReportText.minute(oldest)) to \(ReportText.minute(newest))"
    return """
      <p>What policy, baseline, grants and revocations give to each user, by the newest inventory of each host in \
      this period (\(range)).</p>
      \(table.html)\(more(inventory.entries.count))
      """
  }
}
