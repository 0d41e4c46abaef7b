import ArgumentParser
import Control
import MCPConfig

struct Targets: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "The files the daemon keeps, and how each is.")

  enum State: String, ExpressibleByArgument, CaseIterable {
    case compliant, drifted, unprovisioned, unreachable
  }

  @OptionGroup var options: CommonOptions

  @Option(help: ArgumentHelp("Only this user's.", valueName: "name"))
  var user: String?

  @Option(
    help: ArgumentHelp(
      "Only those that are so: compliant, drifted, unprovisioned or unreachable.",
      valueName: "state"))
  var state: State?

  @Flag(help: "Only those that aren't watched, whose drift is found by sweeps.")
  var unwatched = false

  @Flag(help: "One line for each user, in place of each target.")
  var byUser = false

  func execute(on console: Console) throws -> Outcome {
    let reply = try options.ask(.listTargets)
    let found = reply.list("targets").filter(passes)
    if byUser {
      let users = UserTargets.of(found)
      if options.json {
        console.print(["users": .array(users.map(\.json))])
      } else {
        console.print(UserTargets.table(users, console.style))
      }
    } else if options.json {
      console.print(["targets": .array(found)])
    } else if found.isEmpty, !reply.list("targets").isEmpty {
      console.print("No target is so.")
    } else {
      console.print(TargetsText.text(found, console.style))
    }
    return .fine
  }

  private func passes(_ target: JSON) -> Bool {
    (user.map { target["user"]?.string == ByteString($0) } ?? true)
      && (state.map { target["state"]?.string == ByteString($0.rawValue) } ?? true)
      && (!unwatched || target["watched"]?.bool == false)
  }
}

/// How one user's targets stand.
struct UserTargets {
  /// Nil for the targets outside of homes.
  var user: ByteString?
  var total = 0
  var states: [ByteString: Int] = [:]
  var unwatched = 0

  /// In the order of the first target of each.
  static func of(_ targets: [JSON]) -> [UserTargets] {
    var places: [ByteString?: Int] = [:]
    var users: [UserTargets] = []
    for target in targets {
      let user = target["user"]?.string
      let place = places[user] ?? users.count
      if place == users.count {
        places[user] = place
        users.append(UserTargets(user: user))
      }
      users[place].total += 1
      users[place].states[target["state"]?.string ?? "?", default: 0] += 1
      if target["watched"]?.bool == false { users[place].unwatched += 1 }
    }
    return users
  }

  private static let order: [ByteString] = ["compliant", "drifted", "unprovisioned", "unreachable"]

  var json: JSON {
    .object(
      [("user", user.map { .bytes($0) } ?? .null), ("targets", .int(total))]
        + Self.order.map { ($0.text, .int(states[$0] ?? 0)) } + [("unwatched", .int(unwatched))])
  }

  static func table(_ users: [UserTargets], _ style: Style) -> String {
    if users.isEmpty { return "No targets that you may see." }
    var table = Table(
      "USER", "TARGETS", "COMPLIANT", "DRIFTED", "UNPROVISIONED", "UNREACHABLE", "UNWATCHED")
    for user in users {
      let counts = order.map { state in
        let count = user.states[state] ?? 0
        return Table.Cell("\(count)", count > 0 ? Style.Tint(word: state.text) : .none)
      }
      table.add(
        .init(user.user?.escaped ?? "-"), .init("\(user.total)"), counts[0], counts[1], counts[2],
        counts[3], .init("\(user.unwatched)"))
    }
    return table.text(style)
  }
}

enum TargetsText {
  static func text(_ targets: [JSON], _ style: Style) -> String {
    if targets.isEmpty { return "No targets that you may see." }
    var table = Table("TARGET", "USER", "STATE", "MODE", "WATCHED", "PATH")
    for target in targets {
      table.add(
        .init(target.shown("name") ?? "?"), .init(target.shown("user") ?? "-"),
        .init(word: target.shown("state") ?? "?"), .init(target.shown("mode") ?? "?"),
        .init(watched(target)), .init(target.shown("path") ?? "?"))
      for finding in target.list("findings") { table.add(note: FindingText.text(finding, style)) }
    }
    return table.text(style)
  }

  private static func watched(_ target: JSON) -> String {
    if target["noisy"]?.bool == true { return "slowed" }
    return target["watched"]?.bool == true ? "yes" : "no"
  }
}

enum FindingText {
  /// The severity, the kind, and the sentence that says why.
  static func text(_ finding: JSON, _ style: Style) -> String {
    let severity = finding.shown("severity") ?? "?"
    var text = "\(style.paint(severity, Style.Tint(word: severity))) \(subject(finding)): "
    text += finding.shown("message") ?? "?"
    if let rule = finding.shown("rule") { text += " (rule: \(rule))" }
    return text
  }

  /// The kind, and what it is about.
  static func subject(_ finding: JSON) -> String {
    let about = [finding.shown("server"), finding.shown("field")].compactMap { $0 }
    return ([finding.shown("kind") ?? "?"] + about).joined(separator: " ")
  }
}
