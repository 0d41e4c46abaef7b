import ArgumentParser
import Control
import Linux
import MCPConfig
import Policy

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

  @Option(
    help: ArgumentHelp(
      "Only those at least so severe: critical, high, medium or low.", valueName: "severity"))
  var severity: Severity?

  @Option(
    help: ArgumentHelp("Only those with a finding of this kind.", valueName: "kind"))
  var kind: Finding.Kind?

  @Option(
    help: ArgumentHelp(
      "Only those about which this was done: restored, reported, held or failed.",
      valueName: "action"))
  var action: Action?

  @Option(
    help: ArgumentHelp(
      "Only those of this state: open, acknowledged, resolved, or overdue of the open ones.",
      valueName: "state"))
  var state: State?

  enum State: String, ExpressibleByArgument, CaseIterable {
    case open, acknowledged, resolved, overdue
  }

  enum Severity: String, ExpressibleByArgument, CaseIterable {
    case critical, high, medium, low
  }

  enum Action: String, ExpressibleByArgument, CaseIterable {
    case restored, reported, held, failed
  }

  /// How many the daemon gives at most; filters of the client's own ask for as many.
  static let most = 1000

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit is at least 1") }
  }

  func execute(on console: Console) throws -> Outcome {
    let isFiltered = severity != nil || kind != nil || action != nil || state != nil
    var parameters: [(String, JSON)] = [("limit", .int(isFiltered ? Self.most : limit))]
    if let target { parameters.append(("target", .text(target))) }
    if let user { parameters.append(("user", .text(user))) }
    if let state { parameters.append(("state", .text(state.rawValue))) }
    let reply = try options.ask(.listIncidents, parameters)
    let found = Array(reply.list("incidents").filter(passes).prefix(limit))
    if options.json {
      console.print(["incidents": .array(found)])
    } else {
      console.print(IncidentText.table(found, console.style, now: console.now))
    }
    return .fine
  }

  private func passes(_ incident: JSON) -> Bool {
    func isOne(_ key: ByteString, of words: [String]) -> Bool {
      words.contains { incident[key]?.string == ByteString($0) }
    }
    let severities = severity.map { least in
      Severity.allCases.prefix { $0 != least }.map(\.rawValue) + [least.rawValue]
    }
    return (severities.map { isOne("severity", of: $0) } ?? true)
      && (action.map { isOne("action", of: [$0.rawValue]) } ?? true)
      && (state.map { IncidentLifeText.isSo(incident, $0.rawValue) } ?? true)
      && (kind.map { Self.kinds(incident).contains(ByteString($0.rawValue)) } ?? true)
  }

  /// Of its findings; of an older incident, that is all there is to know of them.
  private static func kinds(_ incident: JSON) -> [ByteString] {
    incident.list("findings").compactMap { $0["kind"]?.string }
      + incident.list("kinds").compactMap(\.string)
  }
}

extension Finding.Kind: ExpressibleByArgument {}

enum IncidentText {
  static func table(_ incidents: [JSON], _ style: Style, now: WallTime) -> String {
    if incidents.isEmpty { return "No incidents that you may see." }
    var table = Table("FOUND", "SEVERITY", "ACTION", "STATE", "USER", "TARGET", "ID", "WHAT")
    for incident in incidents {
      table.add(
        .init(Moment.text(incident.shown("discovered_at") ?? "?", now: now)),
        .init(word: incident.shown("severity") ?? "?"),
        .init(word: incident.shown("action") ?? "-"), IncidentLifeText.cell(incident),
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
    let kinds = incident.list("kinds").compactMap { $0.string?.escaped }
    for subject in incident.list("findings").map(FindingText.subject) + kinds
    where !subjects.contains(subject) {
      subjects.append(subject)
    }
    let rest = subjects.count > 3 ? " and \(subjects.count - 3) more" : ""
    let count = incident.number("count") ?? 1
    return subjects.prefix(3).joined(separator: ", ") + rest + (count > 1 ? " ×\(count)" : "")
  }
}
