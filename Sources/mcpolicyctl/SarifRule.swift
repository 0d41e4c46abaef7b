import MCPConfig
import Policy

/// A kind of finding or a rule of the lint, as SARIF describes it once for all results.
struct SarifRule {
  var id: String
  var level: String
  /// 0 to 10, by which code reviews sort security alerts.
  var score: String
  var summary: String
  /// Where it stands among all.
  var index: Int

  init(_ kind: Finding.Kind) {
    id = kind.rawValue
    switch kind.severity {
    case .critical: (level, score) = ("error", "9.5")
    case .high: (level, score) = ("error", "8.0")
    case .medium: (level, score) = ("warning", "5.0")
    case .low: (level, score) = ("note", "2.0")
    }
    summary = Self.summary(kind)
    index = Finding.Kind.allCases.firstIndex(of: kind) ?? 0
  }

  init(_ rule: LintRule) {
    id = rule.rawValue
    level = rule.level.rawValue
    switch rule.level {
    case .error: score = "7.0"
    case .warning: score = "4.0"
    case .note: score = "1.0"
    }
    summary = rule.summary
    index = Finding.Kind.allCases.count + (LintRule.allCases.firstIndex(of: rule) ?? 0)
  }

  static let all = Finding.Kind.allCases.map(SarifRule.init) + LintRule.allCases.map(SarifRule.init)

  var json: JSON {
    [
      "id": .text(id), "shortDescription": ["text": .text(summary)],
      "fullDescription": ["text": .text(summary)], "help": ["text": .text(summary)],
      "defaultConfiguration": ["level": .text(level)],
      "properties": ["tags": ["security"], "security-severity": .text(score)],
    ]
  }

  private static func summary(_ kind: Finding.Kind) -> String {
    switch kind {
    case .credentialExposure: "A literal secret stands in the configuration."
    case .baselineTampered: "The central configuration or a stored copy isn't the approved one."
    case .restoreFailed: "The approved copy could not be put back."
    case .prohibitedServer: "The whitelist prohibits the server for everyone."
    case .unauthorizedServer: "The whitelist doesn't give the server to this user."
    case .serverDrift: "The definition isn't the approved one."
    case .approvalWidened: "More tools run without being asked about than was approved."
    case .pathReplaced: "Something else stands where the file or its folder belongs."
    case .tamperStorm: "The target was restored too often."
    case .unreadableConfig: "Clients don't all read the file, or not all alike."
    case .missingFile: "The file is missing."
    case .missingServer: "An approved server is missing."
    case .watchDegraded: "Changes may be seen late."
    case .permissionsDrift: "Owner or mode aren't as approved."
    }
  }
}
