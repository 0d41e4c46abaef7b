import ArgumentParser
import Control
import MCPConfig
import Policy

/// Which incidents are meant.
struct IncidentChoice: ParsableArguments {
  @Flag(help: "All that wait for it, but for the filters.")
  var all = false

  @Option(help: ArgumentHelp("With --all: only those of this user's targets.", valueName: "name"))
  var user: String?

  @Option(
    help: ArgumentHelp("With --all: only those with a finding of this kind.", valueName: "kind"))
  var kind: Finding.Kind?

  @Argument(help: "Ids of incidents, as incidents shows them.")
  var ids: [String] = []

  func validate() throws {
    guard all != !ids.isEmpty else { throw ValidationError("name incidents by id, or say --all") }
    guard all || user == nil && kind == nil else {
      throw ValidationError("--user and --kind go with --all")
    }
    guard ids.count <= IncidentResponse.limit else {
      throw ValidationError("at most \(IncidentResponse.limit) ids at a time")
    }
  }

  fileprivate var parameters: [(String, JSON)] {
    guard all else { return [("ids", .array(ids.map { .text($0) }))] }
    return [("filter", ["user": .optional(user), "kind": .optional(kind?.rawValue)])]
  }
}

struct Acknowledge: VerbCommand {
  static let configuration = CommandConfiguration(
    commandName: "ack", abstract: "Says that you look after incidents: they don't become overdue.",
    discussion: """
      Every incident asks for a response within the time of its severity, restored ones too. Once it \
      is dealt with, resolve it.
      """)

  @OptionGroup var options: CommonOptions
  @OptionGroup var choice: IncidentChoice

  @Option(help: ArgumentHelp("What whoever reads it later should know.", valueName: "text"))
  var note: String?

  func execute(on console: Console) throws -> Outcome {
    try Responding(verb: .acknowledge, word: "acknowledged", note: note)
      .run(choice, options, console)
  }
}

struct Resolve: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says that incidents are dealt with, and how.",
    discussion: "One that nobody acknowledged has its response by that, too.")

  @OptionGroup var options: CommonOptions
  @OptionGroup var choice: IncidentChoice

  @Option(help: ArgumentHelp("What it came to.", valueName: "text"))
  var note: String

  func execute(on console: Console) throws -> Outcome {
    try Responding(verb: .resolve, word: "resolved", note: note).run(choice, options, console)
  }
}

private struct Responding {
  var verb: Verb
  var word: String
  var note: String?

  /// The daemon takes so many a call; what a filter leaves is asked for again.
  func run(
    _ choice: IncidentChoice, _ options: CommonOptions, _ console: Console
  ) throws -> Outcome {
    let parameters = choice.parameters + (note.map { [("note", .text($0))] } ?? [])
    var changed: [JSON] = []
    var unchanged: [JSON] = []
    var reply: JSON = .null
    repeat {
      reply = try options.ask(verb, parameters)
      changed += reply.list("changed")
      unchanged += reply.list("unchanged")
    } while reply.number("left") ?? 0 > 0 && !reply.list("changed").isEmpty
    let notStored = reply.shown("not_stored")
    if options.json {
      console.print([
        "changed": .array(changed), "unchanged": .array(unchanged),
        "not_stored": reply["not_stored"] ?? .null,
      ])
    } else {
      console.print(text(changed.count, unchanged.compactMap { $0.string?.escaped }))
    }
    guard let notStored else { return .fine }
    console.complain("it holds until the daemon ends, and could not be stored: \(notStored)")
    return .failed
  }

  private func text(_ count: Int, _ unchanged: [String]) -> String {
    let rest =
      unchanged.isEmpty ? "" : "; was so already: \(unchanged.joined(separator: ", "))"
    return "\(counted(count, "incident")) \(word)\(rest)"
  }
}
