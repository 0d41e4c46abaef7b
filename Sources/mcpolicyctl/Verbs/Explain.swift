import ArgumentParser
import MCPConfig

struct Explain: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "Why a file is or isn't what was approved: every step to the verdict, in order.",
    discussion: """
      Needs no daemon, and changes nothing. What may be a secret shows only its length. Exit status \
      1: the file isn't compliant.
      """)

  @OptionGroup var options: CommonOptions
  @OptionGroup var judging: JudgingOptions

  @Argument(help: "An mcp.json.")
  var file: String

  func execute(on console: Console) throws -> Outcome {
    let place = try FilePlace(file)
    let judge = try FileJudge(judging, options)
    let explanation = Explanation(place, by: judge)
    if options.json {
      console.print(explanation.json)
    } else {
      console.print(ExplanationText.text(explanation, console.style))
    }
    return explanation.findings.isEmpty ? .fine : .findings
  }
}
