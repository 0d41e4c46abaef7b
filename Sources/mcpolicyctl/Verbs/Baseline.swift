import ArgumentParser
import Control
import Linux
import MCPConfig

struct Baseline: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What was approved, now and before.",
    subcommands: [BaselineList.self, BaselineShow.self, BaselineRollback.self])
}

struct BaselineList: VerbCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The approvals, the newest first: the first is in force.")

  @OptionGroup var options: CommonOptions

  @Option(help: ArgumentHelp("How many at most.", valueName: "n"))
  var limit = 20

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit is at least 1") }
  }

  func execute(on console: Console) throws -> Outcome {
    let reply = try options.ask(.listBaselines, [("limit", .int(limit))])
    if options.json {
      console.print(reply)
    } else {
      console.print(BaselineText.table(reply, console))
    }
    return reply.list("damaged").isEmpty ? .fine : .failed
  }
}

struct BaselineShow: VerbCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One approval: who, when, why, and the digest of each server.")

  @OptionGroup var options: CommonOptions

  @Flag(help: "Print the approved bytes instead.")
  var content = false

  @Argument(help: "Its number; without, the one in force.")
  var number: Int?

  func validate() throws {
    guard number ?? 1 > 0 else { throw ValidationError("approvals count from 1") }
    guard !(content && options.json) else { throw ValidationError("choose one form") }
  }

  func execute(on console: Console) throws -> Outcome {
    let reply = try options.ask(.showBaseline, number.map { [("number", .int($0))] } ?? [])
    if options.json {
      console.print(reply)
    } else if content {
      console.write(.output, reply["content"]?.string?.bytes ?? [])
    } else {
      console.print(BaselineText.text(reply["baseline"] ?? [:], console))
    }
    return .fine
  }
}

struct BaselineRollback: VerbCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback",
    abstract: "Approves the bytes of an earlier approval again, and puts them at every target.",
    discussion: """
      It is an approval: what changes is shown, the policy of today decides, it asks, and the history \
      has one entry more.
      """)

  @OptionGroup var options: CommonOptions

  @Option(help: ArgumentHelp("Why, for the baseline's history.", valueName: "text"))
  var note: String?

  @Flag(help: "Don't ask.")
  var yes = false

  @Argument(help: "The number of the approval to go back to.")
  var number: Int

  func validate() throws {
    guard number > 0 else { throw ValidationError("approvals count from 1") }
  }

  func execute(on console: Console) throws -> Outcome {
    let shown = try options.ask(.showBaseline, [("number", .int(number))])
    let input = InputFile(
      path: "baseline \(number)", bytes: shown["content"]?.string?.bytes ?? [])
    var parameters: [(String, JSON)] = [("number", .int(number))]
    if let note { parameters.append(("note", .text(note))) }
    let approval = Approval(
      options: options, yes: yes, input: input, verb: .rollback, parameters: parameters)
    return try approval.run(on: console)
  }
}

enum BaselineText {
  static func table(_ reply: JSON, _ console: Console) -> String {
    let baselines = reply.list("baselines")
    let damaged = reply.list("damaged").compactMap { $0.string?.escaped }
      .map { "\(console.style.paint("damaged", .worst)) \($0)\n" }.joined()
    if baselines.isEmpty { return damaged + "Nothing was approved yet." }
    var table = Table("NUMBER", "APPROVED", "BY", "SHA-256", "SERVERS", "NOTE")
    for baseline in baselines {
      table.add(
        .init(baseline.amount("number")),
        .init(Moment.text(baseline.shown("approved_at") ?? "?", now: console.now)),
        .init(baseline.shown("approved_by") ?? "?"),
        .init(short(baseline.shown("canonical_sha256") ?? "?")),
        .init(String(baseline["servers"]?.members?.count ?? 0)),
        .init(baseline.shown("note") ?? "-"))
    }
    return damaged + table.text(console.style)
  }

  static func text(_ baseline: JSON, _ console: Console) -> String {
    var lines = [
      "baseline \(baseline.amount("number"))",
      "approved   \(Moment.text(baseline.shown("approved_at") ?? "?", now: console.now))"
        + " by \(baseline.shown("approved_by") ?? "?")",
    ]
    if let note = baseline.shown("note") { lines.append("note       \(note)") }
    lines += [
      "bytes      \(baseline.shown("bytes_sha256") ?? "?")",
      "canonical  \(baseline.shown("canonical_sha256") ?? "?")",
    ]
    lines += (baseline["servers"]?.members ?? []).map { member in
      "  \(member.value.string?.escaped ?? "?")  \(member.key.escaped)"
    }
    return lines.joined(separator: "\n")
  }
}
