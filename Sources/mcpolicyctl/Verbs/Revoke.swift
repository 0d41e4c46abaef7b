import ArgumentParser
import Control
import Linux
import MCPConfig
import Policy

struct Revoke: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "Takes a server out of every copy on this host at once, whatever is approved.",
    discussion: """
      It holds across restarts, reloads and approvals until reinstate. Clients may still run what \
      they started before: processes whose command line is the server's are listed, and ended with \
      --terminate (SIGTERM, after the grace SIGKILL), by your rights and not the daemon's. Exit status \
      1: a target still holds the server, as in observe; 5: a target or a process could not be dealt \
      with.
      """)

  @OptionGroup var options: CommonOptions

  @Option(help: ArgumentHelp("Why, for the record.", valueName: "text"))
  var reason: String?

  @Flag(help: "End the processes that run it.")
  var terminate = false

  @Option(help: ArgumentHelp("How long they have to end by themselves.", valueName: "seconds"))
  var grace = 5.0

  @Argument(help: "The server's name.")
  var server: String

  func validate() throws {
    guard (0...600).contains(grace) else { throw ValidationError("--grace is 0 to 600 seconds") }
  }

  func execute(on console: Console) throws -> Outcome {
    var parameters: [(String, JSON)] = [("server", .text(server))]
    if let reason { parameters.append(("reason", .text(reason))) }
    let reply = try options.rollOut(.revoke, parameters, console)
    let patterns = reply.list("definitions").compactMap(ProcessPattern.init(definition:))
    let processes = RevokedProcesses(patterns, terminate: terminate ? grace : nil)
    if options.json {
      console.print(RevokeText.json(reply, processes))
    } else {
      console.print(RevokeText.text(server, reply, processes, console.style))
    }
    let status = RolloutText.strictStatus(reply)
    return processes.isFailed ? .failed : status
  }
}

/// What runs of a revoked server, and what became of it.
struct RevokedProcesses {
  /// The result is nil for what was only listed.
  var found: [(process: ServerProcess, result: Termination.Result?)]
  /// What a client started anew meanwhile.
  var cameBack: [ServerProcess] = []

  /// - Parameter terminate: the grace in seconds; nil only lists.
  init(_ patterns: [ProcessPattern], terminate: Double?) {
    let running = ServerProcess.of(patterns, among: RunningProcess.all())
    guard let terminate, !running.isEmpty else {
      found = running.map { ($0, nil) }
      return
    }
    let results = Termination.end(running.map(\.process), grace: terminate)
    found = Array(zip(running, results))
    let known = Set(running.map(\.process.pid))
    cameBack = ServerProcess.of(patterns, among: RunningProcess.all())
      .filter { !known.contains($0.process.pid) }
  }

  var isFailed: Bool { !cameBack.isEmpty || found.contains { $0.result?.reason != nil } }
}

enum RevokeText {
  static func json(_ reply: JSON, _ processes: RevokedProcesses) -> JSON {
    let listed =
      processes.found.map { json($0.process, $0.result) }
      + processes.cameBack.map { json($0, .failed("a client started it anew")) }
    // Arguments may hold what a reader of this shouldn't see; `baseline show` has them.
    let rest = (reply.members ?? []).filter { $0.key != "definitions" }
    let definitions = reply.list("definitions").map { definition -> JSON in
      [
        "sha256": definition["sha256"] ?? .null, "command": definition["command"] ?? .null,
        "args": .text(ShownValue.text(definition["args"] ?? [], at: ["args"])),
      ]
    }
    return JSON(
      .object(
        rest + [
          JSON.Member(key: "definitions", value: .array(definitions)),
          JSON.Member(key: "processes", value: .array(listed)),
        ]))
  }

  private static func json(_ process: ServerProcess, _ result: Termination.Result?) -> JSON {
    [
      "pid": .int(process.process.pid), "uid": .int(process.process.uid),
      "user": .optional(Account.withUID(process.process.uid)?.name),
      "command_line": .text(commandLine(process.process)),
      "started_by": process.startedBy.map { .int($0) } ?? .null,
      "result": .text(result?.word ?? "running"), "reason": .optional(result?.reason),
    ]
  }

  static func text(
    _ server: String, _ reply: JSON, _ processes: RevokedProcesses, _ style: Style
  ) -> String {
    let word = reply["changed"]?.bool == false ? "was revoked already" : "revoked"
    var lines = ["\(ByteString(server).escaped) \(word): \(RolloutText.figures(reply))"]
    lines += RolloutText.failures(reply, style)
    if reply.list("definitions").isEmpty {
      lines.append("no approval on this host ever held it: is the name right?")
    }
    let users = reply.list("users").compactMap { $0.string?.escaped }
    if !users.isEmpty { lines.append("had it: \(users.joined(separator: ", "))") }
    return (lines + self.processes(processes, style)).joined(separator: "\n")
  }

  private static func processes(_ processes: RevokedProcesses, _ style: Style) -> [String] {
    if processes.found.isEmpty { return ["nothing runs that was started by its definitions"] }
    var table = Table("PID", "USER", "STATE", "COMMAND LINE")
    for (process, result) in processes.found {
      add(process, result, to: &table)
    }
    for process in processes.cameBack {
      add(process, .failed("a client started it anew"), to: &table)
    }
    let hint = processes.found.contains { $0.result == nil } ? ["--terminate ends them"] : []
    return [table.text(style).trimmingLineBreaks] + hint
  }

  private static func add(
    _ process: ServerProcess, _ result: Termination.Result?, to table: inout Table
  ) {
    let uid = process.process.uid
    let child = process.startedBy.map { " (started by \($0))" } ?? ""
    table.add(
      .init(String(process.process.pid)),
      .init(Account.withUID(uid).map { ByteString($0.name).escaped } ?? String(uid)),
      .init(word: result?.word ?? "running"), .init(commandLine(process.process) + child))
    if let reason = result?.reason { table.add(note: reason) }
  }

  /// In one line; what may be a secret shows only its length.
  private static func commandLine(_ process: RunningProcess) -> String {
    let words = JSON.array(process.words.map { .bytes($0) })
    return ShownValue.text(words, at: ["args"])
  }
}

extension String {
  fileprivate var trimmingLineBreaks: String {
    var text = self
    while text.hasSuffix("\n") { text.removeLast() }
    return text
  }
}

struct Reinstate: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "Gives a revoked server back to whoever may have it.")

  @OptionGroup var options: CommonOptions

  @Option(help: ArgumentHelp("Why, for the record.", valueName: "text"))
  var reason: String?

  @Argument(help: "The server's name.")
  var server: String

  func execute(on console: Console) throws -> Outcome {
    var parameters: [(String, JSON)] = [("server", .text(server))]
    if let reason { parameters.append(("reason", .text(reason))) }
    let reply = try options.rollOut(.reinstate, parameters, console)
    if options.json {
      console.print(reply)
    } else {
      let word = reply["changed"]?.bool == false ? "wasn't revoked" : "reinstated"
      console.print(
        (["\(ByteString(server).escaped) \(word): \(RolloutText.figures(reply))"]
          + RolloutText.failures(reply, console.style)).joined(separator: "\n"))
    }
    return RolloutText.strictStatus(reply)
  }
}

struct Revocations: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "The servers that are revoked on this host: who, when and why.")

  @OptionGroup var options: CommonOptions

  func execute(on console: Console) throws -> Outcome {
    let reply = try options.ask(.listRevocations)
    if options.json {
      console.print(reply)
      return .fine
    }
    let revocations = reply.list("revocations")
    if revocations.isEmpty {
      console.print("No server is revoked.")
      return .fine
    }
    var table = Table("SERVER", "REVOKED", "BY", "REASON")
    for revocation in revocations {
      table.add(
        .init(
          revocation.shown("server") ?? "SHA-256 \(revocation.shown("name_sha256") ?? "?")"),
        .init(
          revocation.shown("revoked_at").map { Moment.text($0, now: console.now) } ?? "?"),
        .init(revocation.shown("revoked_by") ?? "?"), .init(revocation.shown("reason") ?? "-"))
    }
    console.print(table.text(console.style))
    return .fine
  }
}
