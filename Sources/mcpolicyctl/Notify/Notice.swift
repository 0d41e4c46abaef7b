import MCPConfig
import Reporting

/// What a user is told on their desktop about one incident.
struct Notice: Hashable {
  /// Plain text; nothing of the user's file stands in it.
  var summary: String
  /// With markup escaped: desktops render tags there.
  var body: String
  var isUrgent: Bool

  /// - Parameter suppressed: how often the same happened without a notice.
  init(_ incident: JSON, suppressed: Int) {
    summary = Self.summary(incident["action"]?.string?.text)
    let findings = incident.list("findings")
    var lines = [incident.shownBriefly("path")]
    lines += findings.prefix(Self.most).map { finding in
      let server = finding["server"]?.string.map { "\($0.shown): " } ?? ""
      return server + finding.shownBriefly("message")
    }
    if findings.count > Self.most { lines.append("and \(findings.count - Self.most) more") }
    if suppressed > 0 { lines.append("The same happened \(counted(suppressed, "time")) more.") }
    lines.append("Why: mcpolicyctl explain \(incident.shownBriefly("id"))")
    body = lines.map(Markup.escaped).joined(separator: "\n")
    isUrgent = incident["severity"]?.string == "critical"
  }

  private static let most = 3

  private static func summary(_ action: String?) -> String {
    switch action {
    case "restored": "Your MCP configuration was put back"
    case "held": "Your MCP configuration changes too often"
    case "failed": "Your MCP configuration could not be put back"
    default: "Your MCP configuration isn't what was approved"
    }
  }
}

extension JSON {
  /// As long as someone reads, and harmless.
  fileprivate func shownBriefly(_ key: ByteString) -> String { self[key]?.string?.shown ?? "?" }
}
