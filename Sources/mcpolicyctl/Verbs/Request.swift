import ArgumentParser
import Control
import MCPConfig

struct Request: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "Asks for a server that others have: someone reviews it.",
    discussion: "It gives nothing by itself. requests shows what became of it.")

  @OptionGroup var options: CommonOptions

  @Option(help: ArgumentHelp("What you need it for.", valueName: "text"))
  var reason: String

  @Argument(help: "The server.")
  var server: String

  func execute(on console: Console) throws -> Outcome {
    let reply = try options.ask(
      .requestServer, [("server", .text(server)), ("reason", .text(reason))])
    if options.json {
      console.print(reply)
    } else {
      let word = reply["changed"]?.bool == false ? "waits already" : "waits for a review"
      console.print("request \(reply["request"]?.amount("number") ?? "?") \(word)")
    }
    return .fine
  }
}

struct Requests: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The requests you may see, or an answer to one.",
    discussion: "grant --request N answers one with yes.",
    subcommands: [RequestsList.self, RequestsReject.self], defaultSubcommand: RequestsList.self)
}

struct RequestsList: VerbCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The requests that you may see, the newest first.")

  @OptionGroup var options: CommonOptions

  @Flag(help: "Those that were answered, too.")
  var all = false

  func execute(on console: Console) throws -> Outcome {
    let reply = try options.ask(.listRequests)
    let requests = reply.list("requests").filter { all || $0["state"]?.string == "open" }
    if options.json {
      console.print(["requests": .array(requests)])
    } else {
      console.print(RequestText.table(requests, console))
    }
    return .fine
  }
}

struct RequestsReject: VerbCommand {
  static let configuration = CommandConfiguration(
    commandName: "reject", abstract: "Answers a request with no.")

  @OptionGroup var options: CommonOptions

  @Option(help: ArgumentHelp("Why, for whoever asked.", valueName: "text"))
  var reason: String

  @Argument(help: "Its number.")
  var number: Int

  func validate() throws {
    guard number > 0 else { throw ValidationError("requests count from 1") }
  }

  func execute(on console: Console) throws -> Outcome {
    let reply = try options.ask(
      .rejectRequest, [("number", .int(number)), ("reason", .text(reason))])
    if options.json { console.print(reply) } else { console.print("request \(number) rejected") }
    return .fine
  }
}

enum RequestText {
  static func table(_ requests: [JSON], _ console: Console) -> String {
    if requests.isEmpty { return "No requests that you may see." }
    var table = Table("REQUEST", "SERVER", "USER", "ASKED", "STATE")
    for request in requests {
      let state = request.shown("state") ?? "?"
      let grant = request.number("grant").map { " (grant \($0))" } ?? ""
      table.add(
        .init(request.amount("number")), .init(request.shown("server") ?? "?"),
        .init(request.shown("user") ?? "?"),
        .init(Moment.text(request.shown("requested_at") ?? "?", now: console.now)),
        .init(state + grant))
      table.add(note: request.shown("reason") ?? "?")
      if let answer = request.shown("answer") { table.add(note: "answer: \(answer)") }
    }
    return table.text(console.style)
  }
}
