/// Compliant, or drift with its findings.
public struct Verdict: Sendable {
  /// Worst first; none if compliant.
  public var findings: [Finding]
  /// Whether the content itself is approved or tolerated, whatever else drifted.
  public var contentStands: Bool

  public init(findings: [Finding], contentStands: Bool) {
    self.findings = findings.sorted { $0.severity > $1.severity }
    self.contentStands = contentStands
  }

  /// The same with the worst findings only: every finding fills fields of a journal entry, and
  /// journald drops an entry of more than 1,024 fields, so that a file of thousands of servers would
  /// leave no trace there.
  func bounded() -> Verdict {
    guard findings.count > Self.mostFindings else { return self }
    var bounded = self
    let rest = bounded.findings[(Self.mostFindings - 1)...]
    bounded.findings.removeLast(rest.count)
    if let worst = rest.first {
      bounded.findings.append(
        Finding(
          worst.kind, field: "more", rule: worst.rule,
          "There are \(rest.count) more findings that aren't listed."))
    }
    return bounded
  }

  static let mostFindings = 100

  public static let compliant = Verdict(findings: [], contentStands: true)

  public var isCompliant: Bool { findings.isEmpty }
}
