import ArgumentParser
import Control
import Linux
import MCPConfig

struct Incidents: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "Drift that was found, the newest first.")

  @OptionGroup var options: CommonOptions

  @Option(help: ArgumentHelp("How many at most.", valueName: "n"))
  var limit = 50

  @Option(help: ArgumentHelp("Only those of the target of this name.", valueName: "name"))
  var target: String?

  @Option(help: ArgumentHelp("Only those of this user's targets.", valueName: "name"))
  var user: String?

  func validate() throws {
    guard limit >= 0 else { throw ValidationError("--limit can't be below zero") }
  }

  func execute(on console: Console) throws -> Outcome {
    var parameters: [(String, JSON)] = [("limit", .int(limit))]
    if let target { parameters.append(("target", .text(target))) }
    if let user { parameters.append(("user", .text(user))) }
    let reply = try options.ask(.listIncidents, parameters)
    if options.json {
      console.print(reply)
    } else {
      console.print(
        IncidentText.table(reply.list("incidents"), console.style, now: console.now))
    }
    return .fine
  }
}

enum IncidentText {
  static func table(_ incidents: [JSON], _ style: Style, now: WallTime) -> String {
    if incidents.isEmpty { return "No incidents that you may see." }
    var table = Table("FOUND", "SEVERITY", "ACTION", "USER", "TARGET", "ID", "WHAT")
    for incident in incidents {
      table.add(
        .init(Moment.text(incident.shown("discovered_at") ?? "?", now: now)),
        .init(word: incident.shown("severity") ?? "?"),
        .init(word: incident.shown("action") ?? "?"),
        .init(incident.shown("user") ?? "-"), .init(incident.shown("target") ?? "?"),
        .init(incident.shown("id") ?? "?"), .init(subjects(incident)))
    }
    return table.text(style)
  }

  /// One incident in one line.
  static func line(_ incident: JSON, _ style: Style) -> String {
    let words = ["severity", "action"].map { key in
      let word = incident.shown(ByteString(key)) ?? "?"
      return style.paint(word, Style.Tint(word: word))
    }
    let owner = [incident.shown("user"), incident.shown("target")].compactMap { $0 }
    var line = "\(incident.shown("discovered_at") ?? "?") \(words.joined(separator: " ")) "
    line += "\(owner.joined(separator: " ")): \(subjects(incident))"
    if let latency = incident.number("latency_usec") { line += " [\(Moment.duration(latency))]" }
    return "\(line) \(incident.shown("path") ?? "?")"
  }

  /// What the findings are about, each once, and how often the incident happened.
  private static func subjects(_ incident: JSON) -> String {
    var subjects: [String] = []
    for subject in incident.list("findings").map(FindingText.subject)
    where !subjects.contains(subject) {
      subjects.append(subject)
    }
    let rest = subjects.count > 3 ? " and \(subjects.count - 3) more" : ""
    let count = incident.number("count") ?? 1
    return subjects.prefix(3).joined(separator: ", ") + rest + (count > 1 ? " ×\(count)" : "")
  }
}
