import Incidents
import MCPConfig
import Policy

/// Which evidence of a report supports which control of the MAS Technology Risk Management
/// Guidelines. It judges nothing: whether a control is met, the institution and its auditors decide.
public struct ControlMapping: Sendable {
  public var control: String
  public var title: String
  /// What of this report bears on it.
  public var evidence: [String]

  public static func all(_ report: ReportDocument) -> [ControlMapping] {
    [access(report), data(report), monitoring(report), audit(report)]
  }

  private static func access(_ report: ReportDocument) -> ControlMapping {
    let changes = report.changes
    let users = Set(report.inventory.entries.map(\.user)).count
    return ControlMapping(
      control: "9.1", title: "Access control",
      evidence: [
        report.inventory.newest == nil
          ? "Effective servers of each user: not recorded in this source."
          : "Effective servers of \(amount(users, "user")), as whitelist, baseline, grants and revocations give them.",
        "\(amount(changes.count(.granted), "grant")) for a limited time, "
          + "\(changes.count(.grantExpired)) expired and \(changes.count(.grantEnded)) ended, each with "
          + "user, ticket, reason and end.",
        "\(amount(changes.count(.revoked), "revocation")) and "
          + "\(amount(changes.count(.reinstated), "reinstatement")) of servers, each with who made it.",
        "Drift that would have given a server not given to the user: "
          + "\(amount(report.count(of: ["unauthorized-server", "prohibited-server"]), "incident")).",
      ])
  }

  private static func data(_ report: ReportDocument) -> ControlMapping {
    ControlMapping(
      control: "11.1", title: "Data security",
      evidence: [
        "Literal secrets in configurations: "
          + "\(amount(report.count(of: ["credential-exposure"]), "incident")); no value is in any record.",
        "Definitions or approvals wider than approved: "
          + "\(amount(report.count(of: ["server-drift", "approval-widened"]), "incident")).",
        "\(ReportText.number(report.incidents.restored)) of \(amount(report.incidents.counts.total, "incident")) ended with the "
          + "approved copy restored, \(ReportText.number(report.incidents.failed)) without.",
      ])
  }

  private static func monitoring(_ report: ReportDocument) -> ControlMapping {
    let response = report.response
    let answered = response.classes.reduce(0) { $0 + $1.answered }
    let inTime = response.classes.reduce(0) { $0 + $1.inTime }
    return ControlMapping(
      control: "12", title: "Monitoring",
      evidence: [
        "Records of \(amount(report.hosts.count, "host")) in \(amount(report.header.days, "day")), by host "
          + "and day.",
        response.isRecorded
          ? "\(amount(answered, "response")) recorded, \(ReportText.number(inTime)) within the time of the class."
          : "Responses: not recorded in this source.",
        "Less close watching: \(amount(report.count(of: ["watch-degraded"]), "incident")); "
          + "\(amount(report.records.dropped, "record")) dropped.",
      ])
  }

  private static func audit(_ report: ReportDocument) -> ControlMapping {
    ControlMapping(
      control: "15", title: "Audit",
      evidence: [
        "\(amount(report.changes.counts.reduce(0) { $0 + $1.count }, "change")) of what holds, each with "
          + "time and, where a person made it, who.",
        LedgerCheck.sentence(report.records.ledger),
        "Every figure can be counted again from the records named under Source.",
      ])
  }
}

extension LedgerCheck {
  /// What verifying found, in a sentence.
  public static func sentence(_ check: LedgerCheck?) -> String {
    guard let check else { return "Ledger: not verified." }
    let size = "\(amount(check.records, "record")) in \(amount(check.files, "file"))"
    var head = check.head.map { ", head \($0.sequence):\($0.hash.text)" } ?? ""
    if check.headsHeld > 0 { head += "; \(amount(check.headsHeld, "head")) from the journal in it" }
    return check.findings.isEmpty
      ? "Ledger: verified, \(size)\(head)."
      : "Ledger: \(amount(check.findings.count, "finding")) in \(size)\(head)."
  }
}

extension ReportDocument {
  /// Incidents whose worst finding is of one of these kinds.
  func count(of kinds: [String]) -> Int {
    incidents.byLeadingKind.rows.reduce(0) {
      kinds.contains($1.name) ? $0 + $1.counts.total : $0
    }
  }
}

func amount(_ count: Int, _ noun: String) -> String {
  "\(ReportText.number(count)) \(count == 1 ? noun : noun + "s")"
}
