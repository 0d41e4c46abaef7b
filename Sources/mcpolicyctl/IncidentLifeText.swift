import Linux
import MCPConfig

/// What became of an incident, for people.
enum IncidentLifeText {
  /// Whether the incident is in the state; overdue is one of the open ones.
  static func isSo(_ incident: JSON, _ state: String) -> Bool {
    if state == "overdue" { return incident["escalation"]?.string != nil }
    return incident["state"]?.string == ByteString(state)
  }

  static func cell(_ incident: JSON) -> Table.Cell {
    if let level = incident.shown("escalation") { return .init("overdue (\(level))", .worst) }
    return .init(word: incident.shown("state") ?? "-")
  }

  /// One line for each step so far, by name.
  static func lines(
    _ incident: JSON, _ style: Style, now: WallTime
  ) -> [(name: String, text: String)] {
    func time(_ key: ByteString) -> String? {
      incident.shown(key).map { Moment.text($0, now: now) }
    }
    func step(_ word: String) -> String? {
      guard let at = time(ByteString("\(word)_at")) else { return nil }
      let actor = incident.shown(ByteString("\(word)_by")).map { " by \($0)" } ?? ""
      let note = incident.shown(ByteString("\(word)_note")).map { ": \($0)" } ?? ""
      return at + actor + note
    }
    var lines: [(name: String, text: String)] = []
    if let state = incident.shown("state") { lines.append(("response", state)) }
    if let overdue = time("overdue_at") {
      let level = incident.shown("escalation").map { "; to know by now: \($0)" } ?? ""
      lines.append(("overdue", style.paint("since \(overdue)\(level)", .worst)))
    }
    if let text = step("acknowledged") { lines.append(("taken up", text)) }
    if let text = step("resolved") { lines.append(("resolved", text)) }
    return lines
  }

  /// A step as it happens, in one line.
  static func line(_ step: JSON, _ style: Style) -> String {
    let word = step.shown("step") ?? "?"
    let subject = [step.shown("user"), step.shown("target")].compactMap { $0 }
    var line = "\(step.shown("at") ?? "?") "
    line += "\(style.paint(word, Style.Tint(word: word))) \(step.shown("severity") ?? "?") "
    line += "\(subject.joined(separator: " ")): \(step.shown("incident") ?? "?")"
    if let level = step.shown("level") { line += ", to know: \(level)" }
    if let actor = step.shown("by") { line += " by \(actor)" }
    if let note = step.shown("note") { line += ": \(note)" }
    return line
  }

  /// One line for each overdue incident of the status.
  static func overdue(_ incident: JSON, _ style: Style, now: WallTime) -> String {
    let severity = incident.shown("severity") ?? "?"
    let kind = incident.list("kinds").first?.string?.escaped ?? "?"
    let user = incident.shown("user").map { " of \($0)" } ?? ""
    let time = incident.shown("respond_by").map { ", due \(Moment.text($0, now: now))" } ?? ""
    return style.paint(incident.shown("escalation") ?? "?", .worst)
      + ": \(incident.shown("id") ?? "?") \(severity) \(kind)\(user)\(time)"
  }
}
