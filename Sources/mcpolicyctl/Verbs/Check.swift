import ArgumentParser
import MCPConfig
import Policy

struct Check: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "Judges files as the daemon would, against the policy and what it approves.",
    discussion: """
      Needs no daemon. Exit status 1: at least one file isn't compliant; with --strict, or has a \
      warning that is more than a note.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case human, json, sarif
  }

  @OptionGroup var options: CommonOptions
  @OptionGroup var judging: JudgingOptions

  @Flag(help: "Warn of what approving wouldn't settle, as packages without an exact version.")
  var lint = false

  @Flag(help: "With --lint: warnings fail the check.")
  var strict = false

  @Option(help: ArgumentHelp("human, json or sarif (2.1.0).", valueName: "format"))
  var format: Format?

  @Flag(help: "The same as --format sarif.")
  var sarif = false

  @Argument(help: "The files; - is the standard input.", completion: .file())
  var file: [String]

  func validate() throws {
    let asked = Set([format, options.json ? .json : nil, sarif ? .sarif : nil].compactMap { $0 })
    guard asked.count < 2 else { throw ValidationError("choose one format") }
    guard lint || !strict else { throw ValidationError("--strict is about --lint's warnings") }
    guard file.count(where: { $0 == InputFile.standardInput }) < 2 else {
      throw ValidationError("the standard input can be read only once")
    }
  }

  func execute(on console: Console) throws -> Outcome {
    let judge = try FileJudge(judging, options)
    let checked = file.map { CheckedFile($0, by: judge, lint: lint) }
    switch format ?? (sarif ? .sarif : options.json ? .json : .human) {
    case .human: for file in checked { console.print(CheckText.text(file, console.style)) }
    case .json: console.print(["files": .array(checked.map(\.json))])
    case .sarif: console.print(SarifLog(checked).json)
    }
    return outcome(checked)
  }

  private func outcome(_ checked: [CheckedFile]) -> Outcome {
    if checked.contains(where: \.isMissing) { return .badInput }
    let fails = checked.contains { file in
      file.word != "compliant"
        || strict && (file.warnings ?? []).contains { $0.rule.level != .note }
    }
    return fails ? .findings : .fine
  }
}
