import ArgumentParser
import Control
import MCPConfig
import Policy

struct Approve: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes a file the approved configuration, and puts it at every target.",
    discussion: """
      Shows what changes by server and field, and what is worth a look, before it asks. A server \
      that the whitelist doesn't let anyone have is refused, each by name. Exit status 5: not every \
      target could be restored.

      --sign-check approves nothing and needs no daemon: it shows what the signature FILE.sig \
      is worth under the policy. Exit status 1: it would be refused.
      """)

  @OptionGroup var options: CommonOptions

  @Option(help: ArgumentHelp("Why, for the baseline's history.", valueName: "text"))
  var note: String?

  @Flag(help: "Don't ask.")
  var yes = false

  @Flag(help: "Only show what the signature beside the file is worth.")
  var signCheck = false

  @Option(
    help: ArgumentHelp(
      "With --sign-check: the policy, if not /etc/mcpolicyd/policy.json.", valueName: "file"),
    completion: .file())
  var policy: String?

  @Argument(help: "An mcp.json.")
  var file: String

  func execute(on console: Console) throws -> Outcome {
    let input = try InputFile.required(file)
    if signCheck {
      return try SignCheck(input, policy: policy, options, now: console.now).run(on: console)
    }
    guard policy == nil else { throw Failure(.badInput, "--policy goes with --sign-check") }
    var parameters: [(String, JSON)] = [
      ("content", .bytes(ByteString(input.bytes))), ("file", .text(file)),
    ]
    if let note { parameters.append(("note", .text(note))) }
    let approval = Approval(
      options: options, yes: yes, input: input, verb: .approve, parameters: parameters)
    return try approval.run(on: console)
  }
}

enum ApproveText {
  static func summary(path: String, _ figures: FileDigest.Figures) -> String {
    let servers = figures.document.servers
    let count = counted(servers.count, "server")
    var lines = ["\(ByteString(path).escaped): \(short(figures.canonical.hexadecimal)), \(count)"]
    lines += servers.map { "  \(short($0.sha256.hexadecimal))  \($0.shownName)" }
    return lines.joined(separator: "\n")
  }

  /// What the approval would change, with what else hangs on it.
  static func difference(
    _ difference: ConfigDifference, _ review: JSON, _ style: Style
  ) -> String {
    var lines: [String] = []
    if review["baseline"]?.string == nil {
      lines.append("nothing was approved before: all of it is new")
    } else if difference.isEmpty {
      lines.append(
        review["changed"]?.bool == false
          ? "the same bytes as the baseline" : "the same meaning as the baseline, in other bytes")
    } else {
      lines.append("against the baseline (-) it says (+):")
      for server in difference.servers {
        lines.append(style.paint("server \(server.title), \(server.change.rawValue)", .mild))
        lines += server.fields.flatMap { DiffText.lines($0, style) }
      }
      if !difference.document.isEmpty {
        lines.append(style.paint("outside of the servers", .mild))
        lines += difference.document.flatMap { DiffText.lines($0, style) }
      }
    }
    for server in review.list("revoked").compactMap(\.string) {
      lines.append("\(server.escaped) is revoked on this host, and stays so")
    }
    let grants = review.list("grants_ended").compactMap(\.integer)
    if !grants.isEmpty {
      let numbers = grants.map(String.init).joined(separator: ", ")
      lines.append("no longer applies, because the definition changes: grant \(numbers)")
    }
    return lines.joined(separator: "\n")
  }

  static func warnings(_ warnings: [LintWarning], _ style: Style) -> String {
    let lines = warnings.prefix(most).map { "  \(LintText.line($0, style))" }
    let rest = warnings.count > most ? ["  and \(warnings.count - most) more"] : []
    return ([counted(warnings.count, "warning") + ":"] + lines + rest).joined(separator: "\n")
  }

  private static let most = 100

  /// Each server, with its place.
  static func refused(_ refused: [JSON], path: String) -> String {
    let lines = refused.prefix(most).map { refusal in
      "\(ByteString(path).escaped):\(refusal.amount("line")):\(refusal.amount("column")): "
        + "\(refusal.shown("reason") ?? "?") \"\(refusal.shown("server") ?? "?")\" "
        + "(rule: \(refusal.shown("rule") ?? "?"))"
    }
    let rest = refused.count > most ? ["and \(refused.count - most) more"] : []
    return (lines + rest).joined(separator: "\n")
  }

  static func result(_ reply: JSON, _ style: Style) -> String {
    let digest = short(reply.shown("canonical_sha256") ?? "?")
    let changed = reply["changed"]?.bool == false ? "was already approved" : "approved"
    return
      (["\(digest) \(changed): \(RolloutText.figures(reply))"]
      + RolloutText.failures(reply, style)).joined(separator: "\n")
  }
}
