import Glibc
import MCPConfig
import Support
import Testing

@testable import mcpolicyctl

/// The manual and the completions against the program itself.
@Suite struct ManualTests {
  private let bench = Bench()

  @Test func everyVerbAndOptionStandsInTheManual() throws {
    let page = try ManualPage("mcpolicyctl.1")
    let common = ManualPage.options(page.common)
    let verbs = try KnownVerb.all(bench)
    #expect(verbs.count > 10)
    for verb in verbs {
      let lines = page.verbs[verb.name]
      #expect(lines != nil, "\(verb) isn't in mcpolicyctl.1")
      guard let lines else { continue }
      let own = verb.options.subtracting(common)
      let told = ManualPage.options(lines)
      #expect(own.isSubset(of: told), "\(verb): \(own.subtracting(told)) isn't in mcpolicyctl.1")
    }
    // And nothing that the program hasn't.
    #expect(Set(page.verbs.keys) == Set(verbs.map(\.name)))
    for verb in verbs {
      let headings = (page.verbs[verb.name] ?? []).filter { $0.hasPrefix(".It ") }
      let told = ManualPage.options(headings)
      #expect(told.isSubset(of: verb.options), "\(verb): \(told.subtracting(verb.options))")
    }
    #expect(common.isSuperset(of: ["json", "root", "socket", "version", "help"]))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func everyVerbAndOptionIsCompleted(_ shell: String) throws {
    let verbs = try KnownVerb.all(bench)
    #expect(bench.run("--generate-completion-script", shell) == .fine)
    let script = bench.output
    for verb in verbs {
      let word = verb.name.split(separator: " ").last ?? ""
      #expect(script.contains(word), "\(verb)")
      for option in verb.options {
        let spelled = shell == "fish" ? "-l '\(option)'" : "--\(option)"
        #expect(script.contains(spelled), "\(verb) --\(option)")
      }
    }
    let folder = try TemporaryFolder()
    let file = try folder.file("completion", script)
    guard CommandOutput.of([shell, "-c", "exit"]) != nil else {
      print("skipped: \(shell) isn't installed")
      return
    }
    #expect(CommandOutput.of([shell, "-n", file]) != nil, "\(shell) can't read it")
  }

  @Test(arguments: [
    ("mcpolicyctl tar", "targets"), ("mcpolicyctl targets --by", "--by-user"),
    ("mcpolicyctl targets --state unr", "unreachable"),
  ])
  func bashCompletes(_ line: String, _ word: String) throws {
    #expect(bench.run("--generate-completion-script", "bash") == .fine)
    let folder = try TemporaryFolder()
    let file = try folder.file("completion", bench.output)
    let completed = CommandOutput.of([
      "bash", "-c",
      """
      . "$1"; COMP_LINE=$2; COMP_POINT=${#2}; read -ra COMP_WORDS <<<"$2"
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _mcpolicyctl mcpolicyctl "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """, "bash", file, line,
    ])
    #expect(
      completed?.split(separator: "\n").contains(Substring(word)) == true, "\(completed ?? "")")
  }

  @Test func everyKeyOfThePolicyStandsInTheManual() throws {
    let page = try ManualPage("mcpolicy.json.5")
    let schema = try JSON(
      parsing: try InputFile("\(packageFolder)/config/policy.schema.json").bytes)
    let keys = Self.keys(schema)
    #expect(keys.count > 12)
    for key in keys {
      #expect(
        page.text.split(separator: "\n").contains {
          $0.hasPrefix(".It Li ") && $0.split(whereSeparator: { " ,".contains($0) }).contains(key)
        }, "\(key)")
    }
  }

  /// Every name below a `properties`.
  private static func keys(_ schema: JSON) -> Set<Substring> {
    var keys: Set<Substring> = []
    for member in schema.members ?? [] {
      if member.key == "properties" {
        for property in member.value.members ?? [] { keys.insert(Substring(property.key.text)) }
      }
      keys.formUnion(Self.keys(member.value))
    }
    for element in schema.elements ?? [] { keys.formUnion(Self.keys(element)) }
    return keys
  }

  @Test func theDaemonsOptionsStandInTheManual() throws {
    let page = try ManualPage("mcpolicyd.8")
    let source = String(
      decoding: try InputFile("\(packageFolder)/Sources/mcpolicyd/Options.swift").bytes,
      as: UTF8.self)
    let options = source.split(whereSeparator: { " \"\n,[]".contains($0) }).filter {
      $0.hasPrefix("--") && $0.count > 2
    }
    #expect(options.count > 3)
    for option in Set(options) {
      #expect(page.text.contains("Fl \(option.dropFirst())"), "\(option)")
    }
  }

  @Test(arguments: ["mcpolicyctl.1", "mcpolicyd.8", "mcpolicy.json.5"])
  func thePageRendersWithoutAWarning(_ name: String) {
    guard CommandOutput.of(["mandoc", "-T", "utf8", "/dev/null"]) != nil else {
      print("skipped: mandoc isn't installed")
      return
    }
    #expect(
      CommandOutput.of(["mandoc", "-T", "lint", "-W", "warning,stop", ManualPage.path(name)]) == "")
  }
}
