import MCPConfig
import Policy
import Testing

/// Files made to cost time, memory or a place in the journal.
@Suite struct HostileFileTests {
  private func verdict(_ text: String) throws -> Verdict {
    let bench = try Bench()
    return bench.verdict(text)
  }

  private func many(_ count: Int, _ member: (Int) -> String) -> String {
    (0..<count).map(member).joined(separator: ",")
  }

  /// journald drops an entry of more than 1,024 fields, and each finding has several.
  @Test func thousandsOfServersAreAFewFindings() throws {
    let servers = many(20_000) { "\"s\($0)\":{\"command\":\"c\"}" }
    let verdict = try verdict(
      "{\"mcpServers\":{\(servers),\"web-search\":{\"url\":\"AKIAIOSFODNN7EXAMPLE\"}}}")
    #expect(verdict.findings.count == Verdict.findingLimit + 1)
    // The worst is never what is left out.
    #expect(verdict.findings.first?.kind == .credentialExposure)
    #expect(verdict.findings.last?.message.contains("more findings") == true)
  }

  @Test func asManyAsTheLimitAreListed() throws {
    let limit = Verdict.findingLimit
    let bench = try Bench(approved: #"{"mcpServers":{}}"#)
    func findings(_ count: Int) -> [Finding] {
      let servers = many(count) { "\"s\($0)\":{\"command\":\"c\"}" }
      return bench.verdict("{\"mcpServers\":{\(servers)}}").findings
    }
    #expect(findings(limit).count == limit)
    #expect(findings(limit).last?.server == ByteString("s\(limit - 1)"))
    #expect(findings(limit + 2).count == limit + 1)
    #expect(findings(limit + 2).last?.message.hasPrefix("2 more findings") == true)
  }

  /// Each key was once looked for among all the others.
  @Test func thousandsOfKeys() throws {
    let keys = many(30_000) { "\"k\($0)\":1" }
    #expect(
      try verdict("{\"mcpServers\":{\"git\":{\(keys)}}}").findings.count == Verdict.findingLimit + 1
    )
    #expect(try verdict("{\(keys)}").findings.count == Verdict.findingLimit + 1)
    #expect(try verdict("{\"mcpServers\":{\"git\":{\"env\":{\(keys)}}}}").findings.count < 20)
  }

  @Test func elementsNumbersAndDepth() throws {
    let numbers = many(30_000) { "\($0).5e-3" }
    #expect(try !verdict("{\"mcpServers\":{\"git\":{\"args\":[\(numbers)]}}}").isCompliant)
    let deep = String(repeating: "{\"a\":", count: 60) + "1" + String(repeating: "}", count: 60)
    #expect(try !verdict("{\"mcpServers\":{\"git\":{\"args\":\(deep)}}}").isCompliant)
    let digits = String(repeating: "7", count: 1_000_000)
    #expect(try !verdict("{\"mcpServers\":{\"git\":{\"args\":[0.\(digits)]}}}").isCompliant)
  }

  @Test func oneNameAsLongAsTheFile() throws {
    let name = String(repeating: "\\u001b", count: 100_000)
    let verdict = try verdict("{\"mcpServers\":{\"\(name)\":{}}}")
    for finding in verdict.findings {
      #expect(finding.message.utf8.count < 2500)
      #expect(finding.server?.bytes.count ?? 0 < 250)
    }
  }
}
