import MCPConfig
import Policy

/// A file and its verdict.
struct CheckedFile {
  var path: String
  /// `compliant`, `drift` or `unreadable`.
  var word: String
  /// There was nothing to judge.
  var isMissing: Bool
  var findings: [Finding]

  var json: JSON {
    [
      "path": .text(path), "verdict": .text(word),
      "findings": .array(findings.map(Self.json)),
    ]
  }

  private static func json(_ finding: Finding) -> JSON {
    [
      "kind": .text(finding.kind.rawValue), "severity": .text(finding.severity.rawValue),
      "server": finding.server.map { .bytes($0) } ?? .null, "field": .optional(finding.field),
      "rule": .text(finding.rule), "message": .text(finding.message),
    ]
  }
}

enum CheckText {
  static func text(_ file: CheckedFile, _ style: Style) -> String {
    let word = style.paint(file.word, Style.Tint(word: file.word))
    let findings = file.json.list("findings").map { "\n  \(FindingText.text($0, style))" }
    return "\(ByteString(file.path).escaped): \(word)\(findings.joined())"
  }
}
