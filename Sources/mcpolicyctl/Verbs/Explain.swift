import ArgumentParser
import Glibc
import Linux
import MCPConfig

struct Explain: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "Why a file is or isn't what was approved, or all that is known of an incident.",
    discussion: """
      Of a file: every step to the verdict, in order; it changes nothing, and judges a file of your own \
      home as yours. It needs no daemon; one that answers tells what is revoked and granted. Of an incident, by its id: what was found, by which rule, what \
      was done, and by when someone must respond. What may be a secret shows only its length. Exit \
      status 1: the file isn't compliant.
      """)

  @OptionGroup var options: CommonOptions
  @OptionGroup var judging: JudgingOptions

  @Argument(help: "An mcp.json, or an incident's id.", completion: .file())
  var subject: String

  func execute(on console: Console) throws -> Outcome {
    if IncidentTrace.isID(subject), FileStatus.ofTrusted(FilePath(subject)) == nil {
      return try explainIncident(on: console)
    }
    let place = try FilePlace(subject)
    var judging = judging
    let facts = judging.isOfHost ? DaemonFacts(options) : .none
    judging.user = judging.user ?? Self.owner(of: subject) ?? facts.owner(of: subject)
    let judge = try FileJudge(judging, options, exceptions: facts.exceptions)
    let explanation = Explanation(place, by: judge)
    if options.json {
      console.print(explanation.json)
    } else {
      console.print(ExplanationText.text(explanation, console.style))
    }
    return explanation.findings.isEmpty ? .fine : .findings
  }

  private func explainIncident(on console: Console) throws -> Outcome {
    let trace = try IncidentTrace(subject, options)
    if options.json {
      console.print(trace.json)
    } else {
      console.print(IncidentTraceText.text(trace, console.style, now: console.now))
    }
    return .fine
  }

  /// A developer who asks about a file of their home means their own copy of what is approved. Root
  /// keeps no target.
  private static func owner(of file: String) -> String? {
    guard geteuid() != 0, let account = getpwuid(geteuid())?.pointee,
      let real = realpath(file, nil), let home = realpath(account.pw_dir, nil)
    else { return nil }
    defer {
      free(real)
      free(home)
    }
    let isBelow = String(cString: real).utf8.starts(with: (String(cString: home) + "/").utf8)
    return isBelow ? String(cString: account.pw_name) : nil
  }
}
