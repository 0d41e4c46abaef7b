/// Compliant, or drift with its findings.
public struct Verdict: Sendable {
  /// Worst first; none if compliant. Beyond the limit, the last one says how many more there are.
  public var findings: [Finding]
  /// Whether the content itself is approved or tolerated, whatever else drifted.
  public var contentStands: Bool

  public init(findings: [Finding], contentStands: Bool) {
    let sorted = findings.sorted { $0.severity > $1.severity }
    self.findings = Array(sorted.prefix(Self.findingLimit))
    if sorted.count > Self.findingLimit, let worst = sorted.dropFirst(Self.findingLimit).first {
      self.findings.append(
        Finding(
          worst.kind, field: "more", rule: worst.rule,
          "\(sorted.count - Self.findingLimit) more findings are left out; the evidence has all."))
    }
    self.contentStands = contentStands
  }

  /// Every finding fills fields of a journal entry, and journald drops an entry of more than 1,024
  /// fields; and who must act on a hostile file of thousands of servers reads the worst of them.
  public static let findingLimit = 32

  public static let compliant = Verdict(findings: [], contentStands: true)

  public var isCompliant: Bool { findings.isEmpty }
}
