import ArgumentParser
import Control
import MCPConfig
import Policy

struct Approve: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes a file the approved configuration, and puts it at every target.")

  @OptionGroup var options: CommonOptions

  @Option(help: ArgumentHelp("Why, for the baseline's history.", valueName: "text"))
  var note: String?

  @Flag(help: "Don't ask.")
  var yes = false

  @Argument(help: "An mcp.json.")
  var file: String

  func execute(on console: Console) throws -> Outcome {
    let input = try InputFile.required(file)
    let figures = try Self.figures(of: input)
    // With --json, stdout is for the answer alone.
    let stream: Console.Stream = options.json ? .errors : .output
    console.print(ApproveText.summary(path: file, figures), to: stream)
    let warnings = ApprovalLint.warnings(on: figures.document, text: input.bytes)
    if !warnings.isEmpty {
      // Not asked, no one reads stdout for them; asked, they belong before the question.
      let style = stream == .output && !yes ? console.style : .plain
      console.print(
        ApproveText.warnings(warnings, style), to: yes ? .errors : stream)
    }
    try ask(console, stream)
    var parameters: [(String, JSON)] = [
      ("content", .bytes(ByteString(input.bytes))), ("file", .text(file)),
    ]
    if let note { parameters.append(("note", .text(note))) }
    let reply = try options.ask(.approve, parameters, patience: CommonOptions.rolloutPatience)
    if options.json {
      console.print(reply)
    } else {
      console.print(ApproveText.result(reply, console.style))
    }
    return reply.number("failed") == 0 ? .fine : .failed
  }

  /// What no client could read isn't offered to the daemon.
  private static func figures(of input: InputFile) throws(Failure) -> FileDigest.Figures {
    do throws(FileDigest.Complaint) {
      let figures = try FileDigest.figures(of: input.bytes).get()
      if let wrong = figures.document.misshapen.first {
        let place = [wrong.field, wrong.server?.escaped ?? ""].filter { !$0.isEmpty }
        let name = place.isEmpty ? "the document" : place.joined(separator: " ")
        throw FileDigest.Complaint(
          message: "a client expects \(wrong.wanted) at \(name), not \(wrong.found)")
      }
      return figures
    } catch {
      throw Failure(.badInput, error.text(path: input.path))
    }
  }

  private func ask(_ console: Console, _ stream: Console.Stream) throws(Failure) {
    if yes { return }
    guard console.canAsk else {
      throw Failure(.badInput, "there is no terminal to ask on: --yes approves without asking")
    }
    console.write(stream, Array("Approve it for this host? [y/N] ".utf8))
    let answer = console.readLine() ?? ""
    guard ["y", "Y", "yes"].contains(answer) else { throw Failure(.failed, "not approved") }
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

  static func warnings(_ warnings: [LintWarning], _ style: Style) -> String {
    let lines = warnings.prefix(most).map { "  \(LintText.line($0, style))" }
    let rest = warnings.count > most ? ["  and \(warnings.count - most) more"] : []
    return ([counted(warnings.count, "warning") + ":"] + lines + rest).joined(separator: "\n")
  }

  private static let most = 100

  static func result(_ reply: JSON, _ style: Style) -> String {
    let digest = short(reply.shown("canonical_sha256") ?? "?")
    let changed = reply["changed"]?.bool == false ? "was already approved" : "approved"
    var lines = [
      "\(digest) \(changed): \(reply.amount("checked")) targets checked, "
        + "\(reply.amount("restored")) restored, \(reply.amount("failed")) failed"
    ]
    for failure in reply.list("failures").compactMap({ $0.string?.escaped }) {
      lines.append("  \(style.paint("failed", .worst)) \(failure)")
    }
    return lines.joined(separator: "\n")
  }
}
