import Linux
import MCPConfig

/// The status for people.
enum StatusText {
  static func text(_ reply: JSON, _ style: Style, now: WallTime) -> String {
    var lines = [headline(reply, style, now)]
    func add(_ name: String, _ text: String) {
      lines.append(name + String(repeating: " ", count: max(11 - name.count, 1)) + text)
    }
    add("baseline", baseline(reply["baseline"], now))
    if let targets = reply["targets"] { add("targets", self.targets(targets, style)) }
    if let swept = reply.shown("last_sweep") {
      add("sweep", "last \(Moment.text(swept, now: now))")
    }
    if let restores = reply["restores"] { add("restores", self.restores(restores)) }
    if let incidents = reply["incidents"] { add("incidents", self.incidents(incidents, style)) }
    let overdue = reply.list("overdue_incidents")
    let most = 5
    for incident in overdue.prefix(most) {
      add("overdue", IncidentLifeText.overdue(incident, style, now: now))
    }
    if overdue.count > most { add("", "and more: mcpolicyctl incidents --state overdue") }
    if let failed = reply.number("failed_reloads"), failed > 0 {
      add("reloads", reloads(failed, reply.shown("reload_failure"), style))
    }
    let blocked = reply.list("users_blocked").compactMap { $0.string?.escaped }
    if !blocked.isEmpty {
      add("blocked", style.paint("\(listed(blocked)): the home doesn't answer", .warning))
    }
    let revoked = reply.list("revoked").compactMap { $0.string?.escaped }
    if !revoked.isEmpty { add("revoked", listed(revoked)) }
    for problem in reply.list("problems").compactMap({ $0.string?.escaped }) {
      add("problem", style.paint(problem, .warning))
    }
    return lines.joined(separator: "\n")
  }

  /// The first of many.
  private static func listed(_ names: [String]) -> String {
    let most = 10
    let rest = names.count > most ? " and \(names.count - most) more" : ""
    return names.prefix(most).joined(separator: ", ") + rest
  }

  private static func headline(_ reply: JSON, _ style: Style, _ now: WallTime) -> String {
    let state = reply.shown("state") ?? "?"
    let name = ["mcpolicyd", reply.shown("version")].compactMap { $0 }.joined(separator: " ")
    var parts = [
      "\(name): \(style.paint(state, Style.Tint(word: state)))", reply.shown("mode") ?? "?",
      "generation \(reply.amount("generation"))",
    ]
    if let since = reply.shown("since") { parts.append("since \(Moment.text(since, now: now))") }
    return parts.joined(separator: ", ")
  }

  private static func reloads(_ failed: Int, _ reason: String?, _ style: Style) -> String {
    guard let reason else { return "\(failed) failed, the last one went through" }
    return "\(failed) failed; "
      + style.paint("the policy on disk isn't in force: \(reason)", .warning)
  }

  private static func baseline(_ baseline: JSON?, _ now: WallTime) -> String {
    guard let digest = baseline?.shown("canonical_sha256") else {
      return "none yet: mcpolicyctl approve FILE makes one"
    }
    let time = baseline?.shown("approved_at").map { " \(Moment.text($0, now: now))" } ?? ""
    let person = baseline?.shown("approved_by").map { " by \($0)" } ?? ""
    return "\(short(digest)), approved\(time)\(person)"
  }

  private static func targets(_ targets: JSON, _ style: Style) -> String {
    let total = targets.number("total") ?? 0
    if total == 0 { return "none: no home and no central target was found" }
    let drifted = "\(targets.amount("drifted")) drifted"
    let isDrifted = targets.number("drifted") ?? 0 > 0
    var text =
      "\(total): \(targets.amount("compliant")) compliant, "
      + "\(isDrifted ? style.paint(drifted, .bad) : drifted), "
      + "\(targets.amount("unwatched")) unwatched"
    if let noisy = targets.number("noisy"), noisy > 0 {
      text += ", \(noisy) noisy (looked at on a timer)"
    }
    return text
  }

  private static func restores(_ restores: JSON) -> String {
    let text = "\(restores.amount("total")), \(restores.amount("failed")) failed"
    let figures = ["p50", "p95", "p99", "max"].compactMap { name in
      restores["latency_usec"]?.number(ByteString(name)).map { "\(name) \(Moment.duration($0))" }
    }
    return figures.isEmpty ? text : "\(text); latency \(figures.joined(separator: ", "))"
  }

  private static func incidents(_ incidents: JSON, _ style: Style) -> String {
    let text = "\(incidents.amount("total")), \(incidents.amount("open")) open"
    let severities = ["critical", "high", "medium", "low"].compactMap { severity -> String? in
      guard let count = incidents["by_severity"]?.number(ByteString(severity)), count > 0 else {
        return nil
      }
      return style.paint("\(count) \(severity)", Style.Tint(word: severity))
    }
    var all = severities.isEmpty ? text : "\(text); \(severities.joined(separator: ", "))"
    if let awaiting = incidents.number("awaiting") {
      all += "; \(awaiting) awaiting a response, \(incidents.amount("acknowledged")) acknowledged"
      let overdue = "\(incidents.amount("overdue")) overdue"
      all += ", \(incidents.number("overdue") ?? 0 > 0 ? style.paint(overdue, .worst) : overdue)"
    }
    return all
  }
}
