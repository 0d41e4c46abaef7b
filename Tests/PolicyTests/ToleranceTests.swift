import MCPConfig
import Policy
import Testing

/// Each tolerance lets one thing pass, and nothing passes without it.
@Suite struct ToleranceTests {
  private struct Case {
    var tolerance: Policy.Tolerance
    var piece: String
    var other: String
    var found: [Found]

    init(
      _ tolerance: Policy.Tolerance, _ piece: String, _ other: String, _ found: Found...
    ) {
      (self.tolerance, self.piece, self.other, self.found) = (tolerance, piece, other, found)
    }
  }

  private static let cases = [
    Case(.formatting, "{", " {", Found(.serverDrift, nil, "formatting")),
    Case(.formatting, "/srv", "\\u002fsrv", Found(.serverDrift, nil, "formatting")),
    Case(.formatting, "2.5", "25e-1", Found(.serverDrift, nil, "formatting")),
    Case(
      .disabled, #""disabled": false"#, #""disabled": true"#, Found(.serverDrift, "git", "disabled")
    ),
    Case(
      .disabled, #"{"command": "gh-mcp"}"#, #"{"command": "gh-mcp", "disabled": true}"#,
      Found(.serverDrift, "github", "disabled")),
    // Switched off and on again.
    Case(.disabled, #""disabled": false, "#, "", Found(.serverDrift, "git", "disabled")),
    Case(
      .disabled, #"{"command": "gh-mcp"}"#, #"{"command": "gh-mcp", "disabled": false}"#,
      Found(.serverDrift, "github", "disabled")),
    Case(.narrowerApprovals, #""git_status", "#, "", Found(.serverDrift, "git", "autoApprove")),
    Case(
      .narrowerApprovals, #"["git_status", "git_log"]"#, "[]",
      Found(.serverDrift, "git", "autoApprove")),
    Case(
      .narrowerApprovals, #"["git_status", "git_log"]"#, #"["git_log", "git_status", "git_log"]"#,
      Found(.serverDrift, "git", "autoApprove")),
    Case(
      .narrowerApprovals, #""autoApprove": ["git_status", "git_log"], "#, "",
      Found(.serverDrift, "git", "autoApprove")),
    Case(
      .narrowerApprovals, #"["git_push"]"#, #"["x", "git_push"]"#,
      Found(.serverDrift, "git", "disabledTools")),
    Case(
      .narrowerApprovals, #"{"command": "gh-mcp"}"#,
      #"{"command": "gh-mcp", "disabledTools": ["x"], "autoApprove": []}"#,
      Found(.serverDrift, "github", "autoApprove"), Found(.serverDrift, "github", "disabledTools")),
    Case(
      .missingServers, #""github": {"command": "gh-mcp"}, "#, "", Found(.missingServer, "github")),
    Case(
      .missingServers, #""powers": {"mcpServers": {"git": {"command": "sh"}}, "version": 2}"#,
      #""powers": {"version": 2}"#, Found(.missingServer, "git")),
  ]

  @Test(arguments: cases.indices)
  func exactlyWhatIsSwitchedOn(_ index: Int) throws {
    let tested = Self.cases[index]
    // Every set of the four.
    for bits in 0..<(1 << Policy.Tolerance.allCases.count) {
      var bench = try Bench()
      bench.copy = try ApprovedCopy(bytes: bench.copy.document.root.canonicalForm)
      bench.tolerate = Set(
        Policy.Tolerance.allCases.enumerated().filter { bits & 1 << $0.offset != 0 }.map(\.element))
      let verdict = bench.verdict(replacing: tested.piece, with: tested.other)
      let expected = bench.tolerate.contains(tested.tolerance) ? [] : tested.found
      #expect(verdict.found == expected, "tolerating \(bench.tolerate)")
      #expect(verdict.contentStands == expected.isEmpty)
    }
  }

  @Test func whatIsToleratedHidesNothingElse() throws {
    var bench = try Bench()
    bench.tolerate = .all
    #expect(
      bench.verdict(
        #"{"mcpServers":{"github":{"command":"sh","disabled":true,"autoApprove":[]}},"theme":"dark","powers":{"version":2}}"#
      ).found == [Found(.serverDrift, "github", "command")])
    // An unapproved server is no less so for being switched off.
    #expect(
      bench.verdict(
        replacing: #""git": {"#, with: #""x": {"command": "c", "disabled": true}, "git": {"#
      ).found
        == [Found(.unauthorizedServer, "x", rule: "default")])
  }

  @Test func allServersMayBeMissing() throws {
    var bench = try Bench(
      approved: #"{"mcpServers":{"git":{}},"powers":{"mcpServers":{"git":{}}}}"#)
    bench.tolerate = [.missingServers]
    for text in [
      "{}", #"{"mcpServers":{}}"#, #"{"powers":{"mcpServers":{}}}"#,
      #"{"mcpServers":{},"powers":{}}"#,
    ] {
      #expect(bench.verdict(text).isCompliant, "\(text)")
    }
    #expect(
      bench.verdict(#"{"mcpServers":{},"powers":[]}"#).found == [Found(.serverDrift, nil, "powers")]
    )
  }
}
