import ArgumentParser
import Control
import Linux
import MCPConfig

struct Grants: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The grants you may see, or the end of one.",
    subcommands: [GrantsList.self, GrantsEnd.self], defaultSubcommand: GrantsList.self)
}

struct GrantsList: VerbCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The grants that you may see, the newest first.")

  @OptionGroup var options: CommonOptions

  @Flag(help: "Those that are over, too.")
  var all = false

  func execute(on console: Console) throws -> Outcome {
    let reply = try options.ask(.listGrants)
    let grants = reply.list("grants").filter { all || $0.shown("ended_at") == nil }
    if options.json {
      console.print(["grants": .array(grants)])
    } else {
      console.print(GrantText.table(grants, console))
    }
    return .fine
  }
}

struct GrantsEnd: VerbCommand {
  static let configuration = CommandConfiguration(
    commandName: "end", abstract: "Ends a grant before its time.")

  @OptionGroup var options: CommonOptions

  @Option(help: ArgumentHelp("Why.", valueName: "text"))
  var reason: String?

  @Argument(help: "Its number.")
  var number: Int

  func validate() throws {
    guard number > 0 else { throw ValidationError("grants count from 1") }
  }

  func execute(on console: Console) throws -> Outcome {
    var parameters: [(String, JSON)] = [("number", .int(number))]
    if let reason { parameters.append(("reason", .text(reason))) }
    let reply = try options.rollOut(.endGrant, parameters, console)
    if options.json {
      console.print(reply)
    } else {
      console.print(
        (["grant \(number) is over; \(RolloutText.figures(reply))"]
          + RolloutText.failures(reply, console.style)).joined(separator: "\n"))
    }
    return RolloutText.strictStatus(reply)
  }
}

enum GrantText {
  static func table(_ grants: [JSON], _ console: Console) -> String {
    if grants.isEmpty { return "No grants that you may see." }
    var table = Table("GRANT", "SERVER", "USER", "UNTIL", "STATE", "TICKET", "BY")
    for grant in grants {
      table.add(
        .init(grant.amount("number")), .init(grant.shown("server") ?? "?"),
        .init(grant.shown("user") ?? "?"),
        .init(Moment.text(grant.shown("until") ?? "?", now: console.now)), .init(state(grant)),
        .init(grant.shown("ticket") ?? "?"), .init(grant.shown("granted_by") ?? "?"))
      table.add(note: grant.shown("reason") ?? "?")
      if let reason = grant.shown("end_reason") { table.add(note: "ended: \(reason)") }
    }
    return table.text(console.style)
  }

  private static func state(_ grant: JSON) -> String {
    if let by = grant.shown("ended_by") { return by == "expiry" ? "expired" : "ended by \(by)" }
    // Revoked, or approved with another definition since.
    return grant["applies"]?.bool == true ? "applies" : "doesn't apply"
  }
}
