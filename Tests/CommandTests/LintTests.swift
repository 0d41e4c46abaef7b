import MCPConfig
import Testing

@testable import mcpolicyctl

/// `check` as a gate: lint, formats, several files, exit status.
@Suite struct LintTests {
  private let desk: Desk
  private var bench: Bench { desk.bench }

  init() throws { desk = try Desk() }

  private let unpinned = #"{"mcpServers":{"git":{"command":"npx","args":["-y","pkg"]}}}"#

  private func first() throws -> JSON { try #require(try bench.json().list("files").first) }

  @Test func warningsStandBesideFindings() throws {
    #expect(try desk.run("check", unpinned, "--lint", "--json") == .findings)
    let file = try first()
    #expect(file.members?.map(\.key) == ["path", "verdict", "findings", "warnings"])
    let warning = try #require(file.list("warnings").last)
    #expect(
      warning.members?.map(\.key)
        == ["rule", "level", "server", "field", "line", "column", "message"])
    #expect(warning["rule"]?.string == "unpinned-package")
    #expect(warning["field"]?.string == "args[1]")
    #expect(warning["column"]?.integer == 52)
    let finding = try #require(file.list("findings").first { $0["field"]?.string == "command" })
    #expect(finding["line"]?.integer == 1)
    #expect(finding["column"]?.integer == 23)
  }

  @Test func withoutLintTheFormIsTheContracts() throws {
    #expect(try desk.run("check", unpinned, "--json") == .findings)
    #expect(try first().members?.map(\.key) == ["path", "verdict", "findings"])
    #expect(
      try first().list("findings").first?.members?.map(\.key)
        == ["kind", "severity", "server", "field", "rule", "message"])
  }

  @Test func warningsFailOnlyIfStrict() throws {
    let text = #"{"mcpServers":{"git":{"command":"/bin/npx","args":["pkg"]}}}"#
    let file = try desk.folder.file("mcp.json", text)
    let arguments = ["check", "--policy", desk.policy, "--approved", file, file]
    #expect(bench.run(arguments) == .fine)
    #expect(bench.run(arguments + ["--lint"]) == .fine)
    #expect(bench.output.contains("1:52 warning unpinned-package git args[0]: "))
    #expect(bench.run(arguments + ["--lint", "--strict"]) == .findings)
  }

  @Test func notesNeverFail() throws {
    let text = #"{"mcpServers":{"git":{"command":"npx","args":["pkg@1.2.3"]}}}"#
    let file = try desk.folder.file("mcp.json", text)
    #expect(
      bench.run("check", "--policy", desk.policy, "--approved", file, file, "--lint", "--strict")
        == .fine)
    #expect(bench.output.contains("1:33 note command-by-path git command: "))
  }

  @Test func commentsDontHideServersFromTheLint() throws {
    let text = unpinned + " // c"
    #expect(try desk.run("check", text, "--lint", "--json") == .findings)
    #expect(try first()["verdict"]?.string == "unreadable")
    #expect(try first().list("warnings").count == 2)
    let place = try first().list("findings").first { $0["kind"]?.string == "unreadable-config" }
    #expect(place?["column"]?.integer == 62)
  }

  @Test func aSecretIsSaidOnce() throws {
    let text = #"{"mcpServers":{"git":{"url":"https://bob:pw@h.example"}}}"#
    #expect(try desk.run("check", text, "--lint", "--json") == .findings)
    #expect(try first().list("warnings").isEmpty)
    let file = desk.folder.path + "/mcp.json"
    _ = bench.run(
      "check", "--policy", desk.policy, "--approved", file, file, "--lint", "--json")
    #expect(try first().list("warnings").map { $0["rule"]?.string } == ["literal-secret"])
  }

  @Test func severalFiles() throws {
    let bad = try desk.folder.file("bad.json", unpinned)
    #expect(bench.run("check", "--policy", desk.policy, desk.approved, bad) == .findings)
    #expect(
      bench.output.hasPrefix("\(desk.approved): compliant\n\(bad): drift\n  1:"))
    #expect(
      bench.run("check", "--policy", desk.policy, "--lint", bad, "/nonexistent", desk.approved)
        == .badInput)
    #expect(bench.output.contains("/nonexistent: unreadable"))
    #expect(bench.output.contains("\(desk.approved): compliant"))
  }

  @Test(arguments: [
    ["--strict"], ["--json", "--sarif"], ["--format", "human", "--json"], ["--format", "xml"],
    ["-", "-"],
  ])
  func mistakes(_ arguments: [String]) {
    #expect(bench.run(["check", "--policy", desk.policy, "x"] + arguments) == .badInput)
    #expect(bench.output == "")
  }

  @Test func formatsHaveTwoSpellings() throws {
    let arguments = ["check", "--policy", desk.policy, desk.approved]
    #expect(bench.run(arguments + ["--json"]) == .fine)
    let json = bench.output
    #expect(bench.run(arguments + ["--format", "json"]) == .fine)
    #expect(bench.output == json)
    #expect(bench.run(arguments + ["--format", "human"]) == .fine)
    #expect(bench.output == "\(desk.approved): compliant\n")
  }
}
