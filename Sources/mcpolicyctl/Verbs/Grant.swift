import ArgumentParser
import Control
import Linux
import MCPConfig

struct Grant: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "Gives a tier 2 server to one more user for a while, after a review.",
    discussion: """
      The grant is for the definition that is approved now: if that changes, it no longer applies. It \
      ends by itself, and never gives a server of tier 3 or one that isn't approved. Nobody grants \
      to themselves.
      """)

  @OptionGroup var options: CommonOptions

  @Option(help: ArgumentHelp("Who gets it.", valueName: "name"))
  var user: String?

  @Option(
    help: ArgumentHelp(
      "The request that this answers, in place of server and user.", valueName: "n"))
  var request: Int?

  @Option(
    help: ArgumentHelp(
      "Until when: 2026-01-31T18:00:00Z, 2026-01-31 (the end of that day in UTC), 30m, 8h or 7d.",
      valueName: "time"))
  var until: String

  @Option(help: ArgumentHelp("The ticket of the review.", valueName: "id"))
  var ticket: String

  @Option(help: ArgumentHelp("Why.", valueName: "text"))
  var reason: String

  @Argument(help: "The server.")
  var server: String?

  func validate() throws {
    let isNamed = server != nil && user != nil
    guard request == nil ? isNamed : server == nil && user == nil else {
      throw ValidationError("name a server and --user, or --request alone")
    }
    guard request ?? 1 > 0 else { throw ValidationError("requests count from 1") }
  }

  func execute(on console: Console) throws -> Outcome {
    guard let end = Until.time(until, now: console.now) else {
      throw Failure(
        .badInput,
        "--until: \(ByteString(until).shown) is no time such as 2026-01-31T18:00:00Z, 8h or 7d")
    }
    var parameters: [(String, JSON)] = [
      ("until", .text(end.rfc3339)), ("ticket", .text(ticket)), ("reason", .text(reason)),
    ]
    if let request { parameters.append(("request", .int(request))) }
    if let server { parameters.append(("server", .text(server))) }
    if let user { parameters.append(("user", .text(user))) }
    let reply = try options.rollOut(.grant, parameters, console)
    if options.json {
      console.print(reply)
    } else {
      let grant = reply["grant"] ?? [:]
      let text =
        "grant \(grant.amount("number")): \(grant.shown("user") ?? "?") has "
        + "\(grant.shown("server") ?? "?") until "
        + "\(Moment.text(grant.shown("until") ?? "?", now: console.now)); "
        + RolloutText.figures(reply)
      console.print(
        ([text] + RolloutText.failures(reply, console.style)).joined(separator: "\n"))
    }
    return RolloutText.status(reply)
  }
}

/// When something ends, as people write it.
enum Until {
  static func time(_ text: String, now: WallTime) -> WallTime? {
    if let time = WallTime(rfc3339: text) { return time }
    if let end = WallTime(rfc3339: text + "T23:59:59Z") { return end }
    return TimeSpan.minutes(text, units: "mhd").map { now.advanced(byMinutes: $0) }
  }
}
