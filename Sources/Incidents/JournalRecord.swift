import Linux
import MCPConfig
import Policy

/// The fields of one journal entry; a name that stands twice is a field with two values.
public struct JournalRecord: Sendable {
  public var fields: [(name: String, value: String)]

  public init(fields: [(name: String, value: String)]) {
    self.fields = fields
  }

  /// Something of the daemon's own that an operator should know.
  public init(messageID: String, priority: Int, message: String, extra: [(String, String)] = []) {
    fields =
      [
        ("MESSAGE", message), ("MESSAGE_ID", messageID), ("PRIORITY", String(priority)),
        ("SYSLOG_IDENTIFIER", "mcpolicyd"),
      ] + extra.map { ("MCPOLICY_\($0)", $1) }
  }

  public init(_ incident: Incident) {
    let leading = incident.leading
    self.init(
      messageID: MessageID.finding(leading.kind), priority: incident.severity.journalPriority,
      message: Self.message(incident))
    func add(_ name: String, _ value: String?) {
      if let value { fields.append(("MCPOLICY_\(name)", value)) }
    }
    add("INCIDENT", incident.id)
    for finding in incident.findings { add("KIND", finding.kind.rawValue) }
    add("SEVERITY", incident.severity.rawValue)
    add("RESPOND_BY", incident.respondBy.rfc3339)
    add("TARGET", incident.target)
    add("PATH", ByteString(incident.path).escaped)
    add("USER", incident.user?.name ?? "root")
    add("UID", String(incident.user?.uid ?? 0))
    for finding in incident.findings { add("SERVER", finding.server?.escaped) }
    for finding in incident.findings { add("FIELD", finding.field) }
    for finding in incident.findings { add("RULE", finding.rule) }
    add("ACTION", incident.action.rawValue)
    add("SHA256_EXPECTED", incident.expected?.hexadecimal)
    add("SHA256_FOUND", incident.found?.hexadecimal)
    add("LATENCY_USEC", incident.latencyMicroseconds.map { String($0) })
    add("COUNT", String(incident.count))
    add("MODE", incident.mode.rawValue)
    add("GENERATION", String(incident.generation))
    add("EVIDENCE", incident.evidence?.hexadecimal)
  }

  private static func message(_ incident: Incident) -> String {
    let whose = incident.user.map { " of \($0.name)" } ?? ""
    let latency = incident.latencyMicroseconds.map { " in \($0) µs" } ?? ""
    let others = incident.findings.count > 1 ? " (and \(incident.findings.count - 1) more)" : ""
    let count = incident.count > 1 ? ", \(incident.count) times" : ""
    return
      "\(incident.leading.kind.rawValue)\(others): \(ByteString(incident.path).escaped)\(whose): "
      + "\(incident.action.rawValue)\(latency)\(count). \(incident.leading.message)"
  }

  /// One JSON object; a field with several values is an array, as `journalctl -o json` has it.
  var json: JSON {
    var names: [String] = []
    var values: [String: [JSON]] = [:]
    for field in fields {
      if values[field.name] == nil { names.append(field.name) }
      values[field.name, default: []].append(.text(field.value))
    }
    return .object(
      names.map { name in
        let all = values[name] ?? []
        return (name, all.count == 1 ? all[0] : .array(all))
      })
  }
}
