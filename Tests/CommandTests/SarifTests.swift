import MCPConfig
import Policy
import Testing

@testable import mcpolicyctl

/// What SARIF 2.1.0 and the code reviews that read it ask for.
@Suite struct SarifTests {
  private let desk: Desk
  private var bench: Bench { desk.bench }

  init() throws { desk = try Desk() }

  private func run() throws -> JSON {
    let log = try bench.json()
    #expect(log["version"]?.string == "2.1.0")
    #expect(log["$schema"]?.string != nil)
    return try #require(log.list("runs").first)
  }

  @Test func resultsHaveARuleAPlaceAndAFingerprint() throws {
    let text = desk.text(#""log", "diff""#, #""*""#)
    #expect(try desk.run("check", text, "--lint", "--sarif") == .findings)
    let run = try run()
    let driver = try #require(run["tool"]?["driver"])
    #expect(driver["name"]?.string == "mcpolicyctl")
    let rules = driver.list("rules")
    #expect(rules.count == Finding.Kind.allCases.count + LintRule.allCases.count)
    #expect(Set(rules.map { $0["id"]?.string }).count == rules.count)
    let results = run.list("results")
    #expect(
      results.map { $0["ruleId"]?.string } == ["approval-widened", "auto-approve-all"])
    for result in results {
      let index = try #require(result["ruleIndex"]?.integer)
      #expect(rules[index]["id"]?.string == result["ruleId"]?.string)
      #expect(["error", "warning", "note"].contains(result["level"]?.string))
      #expect(result["message"]?["text"]?.string?.isEmpty == false)
      #expect(result["partialFingerprints"]?["mcpolicyFinding/v1"]?.string?.bytes.count == 64)
      let place = try #require(result.list("locations").first?["physicalLocation"])
      #expect(place["region"]?["startLine"]?.integer == 7)
      #expect(
        place["artifactLocation"]?["uri"]?.string?.text == "file://\(desk.folder.path)/mcp.json")
    }
    #expect(run.list("invocations").first?["executionSuccessful"]?.bool == true)
  }

  @Test func fingerprintsOutliveMovedLines() throws {
    func fingerprints(_ text: String) throws -> [String?] {
      _ = try desk.run("check", text, "--lint", "--sarif")
      return try run().list("results").map {
        $0["partialFingerprints"]?["mcpolicyFinding/v1"]?.string?.text
      }
    }
    let text = desk.text("==1.2.3", "").split(separator: "\n").joined(separator: "\n")
    let before = try fingerprints(text)
    #expect(before.count == 2)
    #expect(Set(before).count == 2)
    #expect(try fingerprints("\n\n" + text) == before)
  }

  @Test func aMissingFileIsAFaultOfTheCall() throws {
    #expect(
      bench.run("check", "--policy", desk.policy, "--sarif", "no/such file.json") == .badInput)
    let run = try run()
    #expect(run.list("results").isEmpty)
    let invocation = try #require(run.list("invocations").first)
    #expect(invocation["executionSuccessful"]?.bool == false)
    let notification = try #require(invocation.list("toolExecutionNotifications").first)
    let artifact = notification.list("locations").first?["physicalLocation"]?["artifactLocation"]
    #expect(artifact?["uri"]?.string == "no/such%20file.json")
    #expect(artifact?["uriBaseId"]?.string == "%SRCROOT%")
  }

  @Test func namesCantMakeLinks() throws {
    let text = #"{"mcpServers":{"[x](https://h.example)":{},"{0}":{}}}"#
    #expect(try desk.run("check", text, "--sarif") == .findings)
    #expect(bench.output.contains(#"\\[x\\](https"#))
    #expect(bench.output.contains("{{0}}"))
  }
}
