import MCPConfig
import Policy
import Testing

/// What the bytes say: each kind of finding that content can be, and its rule.
@Suite struct ContentTests {
  private let bench: Bench

  init() throws {
    bench = try Bench()
  }

  @Test func theApprovedBytesAreCompliant() {
    let verdict = bench.verdict(bench.copy.bytes)
    #expect(verdict.isCompliant)
    #expect(verdict.contentStands)
  }

  /// What was approved in an odd shape may stay so, but not become another one.
  @Test func anApprovedNumberIsNotAnotherNumber() throws {
    let bench = try Bench(approved: "1")
    for found in [" 0", "[1]", "{}", "null"] {
      #expect(!bench.verdict(found).contentStands, "\(found)")
    }
  }

  @Test(
    arguments: [
      ("x", Found(.unauthorizedServer, "x", rule: "default")),
      ("Gitt", Found(.unauthorizedServer, "Gitt", rule: "default")),
      ("", Found(.unauthorizedServer, "", rule: "default")),
      ("web-search", Found(.prohibitedServer, "web-search", rule: "policy.json:10")),
      ("evil", Found(.prohibitedServer, "evil", rule: "policy.json:11")),
      ("evil-twin", Found(.prohibitedServer, "evil-twin", rule: "policy.json:11")),
      // On the whitelist and for bob, but nobody approved a definition.
      ("db", Found(.unauthorizedServer, "db", rule: "policy.json:9")),
    ] as [(ByteString, Found)])
  func servers(_ name: ByteString, _ expected: Found) throws {
    let key = String(decoding: JSON.bytes(name).compactForm, as: UTF8.self)
    for section in [#""mcpServers": {"#, #""powers": {"mcpServers": {"#] {
      let added = #"\#(section)\#(key): {"command": "sh"}, "#
      #expect(bench.verdict(replacing: section, with: added).found == [expected])
    }
  }

  @Test func tierTwoIsForNamedUsers() throws {
    var bench = bench
    bench.user = .alice
    #expect(
      bench.verdict(bench.copy.bytes).found
        == [Found(.unauthorizedServer, "github", rule: "policy.json:8")])
    let message = try #require(bench.verdict(bench.copy.bytes).findings.first?.message)
    #expect(message.contains("you aren't among them"))
  }

  /// Approved in one section isn't approved in the other, which starts it a second time.
  @Test func sectionsArentInterchangeable() throws {
    let bench = try Bench(approved: #"{"mcpServers":{"git":{"command":"uvx"}}}"#)
    #expect(
      bench.verdict(#"{"powers":{"mcpServers":{"git":{"command":"uvx"}}}}"#).found
        == [
          Found(.unauthorizedServer, "git", rule: "policy.json:5"), Found(.missingServer, "git"),
        ])
  }

  @Test(
    arguments: [
      (#""command": "uvx""#, #""command": "sh""#, "git", "command"),
      (#""command": "uvx""#, #""command": ["uvx"]"#, "git", "command"),
      (#"60000"#, "60001", "git", "timeout"),
      (#"60000"#, "60000.0", "git", "timeout"),
      (#""LEVEL": "error""#, #""LEVEL": "error", "LD_PRELOAD": "/tmp/x.so""#, "git", "env"),
      (#""disabled": false"#, #""disabled": "false""#, "git", "disabled"),
      (#""disabled": false"#, #""disabled": 0"#, "git", "disabled"),
      (#""disabled": false"#, #""disabled": null"#, "git", "disabled"),
      (
        #""autoApprove": ["git_status", "git_log"]"#, #""autoApprove": "git_log""#, "git",
        "autoApprove"
      ),
      (#""autoApprove": ["git_status", "git_log"]"#, #""autoApprove": null"#, "git", "autoApprove"),
      (
        #""autoApprove": ["git_status", "#, #""autoApprove": [["git_status"], "#, "git",
        "autoApprove"
      ),
      (
        #""disabledTools": ["git_push"]"#, #""disabledTools": ["git_push", 1]"#, "git",
        "disabledTools"
      ),
      ("https://docs.example/mcp", "https://docs.example/mcp/", "docs", "url"),
      ("https://docs.example/mcp", "http://docs.example/mcp", "docs", "url"),
      ("https://docs.example/mcp", "https://DOCS.example/mcp", "docs", "url"),
      (#""scopes": ["read", "list"]"#, #""scopes": ["list", "read"]"#, "docs", "oauth"),
      (#"{"command": "gh-mcp"}"#, #"{"command": "gh-mcp", "type": "stdio"}"#, "github", "type"),
      (
        #"{"command": "gh-mcp"}"#, #"{"command": "gh-mcp", "url": "https://x.example"}"#, "github",
        "url"
      ),
      (#"{"command": "gh-mcp"}"#, "{}", "github", "command"),
    ] as [(String, String, ByteString, String)])
  func drift(_ piece: String, _ other: String, _ server: ByteString, _ field: String) {
    var bench = bench
    bench.tolerate = .all
    #expect(
      bench.verdict(replacing: piece, with: other).changes == [Found(.serverDrift, server, field)])
  }

  @Test(
    arguments: [
      (
        #"["git_status", "git_log"]"#, #"["git_status", "git_log", "git_push"]"#, "git",
        "autoApprove"
      ),
      (#"["git_status", "git_log"]"#, #"["*"]"#, "git", "autoApprove"),
      (#"["git_status", "git_log"]"#, #"["GIT_LOG"]"#, "git", "autoApprove"),
      (
        #"{"command": "gh-mcp"}"#, #"{"command": "gh-mcp", "autoApprove": ["x"]}"#, "github",
        "autoApprove"
      ),
      (#""disabledTools": ["git_push"]"#, #""disabledTools": []"#, "git", "disabledTools"),
      (
        #""disabledTools": ["git_push"]"#, #""disabledTools": ["git_pull"]"#, "git", "disabledTools"
      ),
      (#""disabledTools": ["git_push"], "#, "", "git", "disabledTools"),
      (#""disabled": true"#, #""disabled": false"#, "idle", "disabled"),
      (#", "disabled": true"#, "", "idle", "disabled"),
    ] as [(String, String, ByteString, String)])
  func widened(_ piece: String, _ other: String, _ server: ByteString, _ field: String) {
    var bench = bench
    bench.tolerate = .all
    #expect(
      bench.verdict(replacing: piece, with: other).found == [
        Found(.approvalWidened, server, field)
      ])
  }

  @Test func everyFieldIsNamed() {
    let verdict = bench.verdict(
      replacing: #"{"command": "gh-mcp"}"#,
      with: #"{"url": "u", "command": "c", "args": [], "autoApprove": ["a"]}"#)
    #expect(
      verdict.changes == [
        Found(.serverDrift, "github", "args"), Found(.approvalWidened, "github", "autoApprove"),
        Found(.serverDrift, "github", "command"), Found(.serverDrift, "github", "url"),
      ])
  }

  @Test(arguments: [
    (#""theme": "dark""#, #""theme": "light""#, "theme"),
    (#", "theme": "dark""#, "", "theme"),
    (#""theme": "dark""#, #""theme": "dark", "servers": {"x": {"command": "sh"}}"#, "servers"),
    (#""theme": "dark""#, #""theme": "dark", "McpServers": {}"#, "McpServers"),
    (#""version": 2"#, #""version": 3"#, "powers"),
    (#", "version": 2"#, "", "powers"),
  ])
  func theRestOfTheDocument(_ piece: String, _ other: String, _ field: String) {
    var bench = bench
    bench.tolerate = .all
    #expect(
      bench.verdict(replacing: piece, with: other).found == [Found(.serverDrift, nil, field)])
  }

  /// Taking a whole section away took what else stood in it with it, unseen.
  @Test func aMissingSectionHidesNothingElse() throws {
    var bench = try Bench(
      approved: #"{"mcpServers":{},"powers":{"mcpServers":{"git":{}},"locked":true}}"#)
    bench.tolerate = [.missingServers]
    #expect(bench.verdict(#"{"mcpServers":{}}"#).found == [Found(.serverDrift, nil, "powers")])
    #expect(bench.verdict(#"{"mcpServers":{},"powers":{"locked":true}}"#).isCompliant)
  }

  @Test(arguments: [
    ("[]", [Found(.unreadableConfig), Found(.missingServer, "git")]),
    ("null", [Found(.unreadableConfig), Found(.missingServer, "git")]),
    (
      #"{"mcpServers":[{"name":"git","command":"uvx"}]}"#,
      [
        Found(.serverDrift, nil, "mcpServers"), Found(.unreadableConfig, nil, "mcpServers"),
        Found(.missingServer, "git"),
      ]
    ),
    (
      #"{"mcpServers":{"git":"uvx"}}"#,
      [Found(.serverDrift, "git", "mcpServers"), Found(.unreadableConfig, "git")]
    ),
    (
      #"{"mcpServers":{"git":{"command":"uvx"},"x":null}}"#,
      [
        Found(.unauthorizedServer, "x", rule: "default"), Found(.unreadableConfig, "x"),
      ]
    ),
    (
      #"{"mcpServers":{"git":{"command":"uvx"}},"powers":{"mcpServers":7}}"#,
      [Found(.serverDrift, nil, "powers"), Found(.unreadableConfig, nil, "powers.mcpServers")]
    ),
  ])
  func misshapen(_ text: String, _ expected: [Found]) throws {
    let bench = try Bench(approved: #"{"mcpServers":{"git":{"command":"uvx"}}}"#)
    #expect(bench.verdict(text).found == expected)
  }

  @Test(arguments: ["", "{", "{}{}", "{\"a\":1,\"a\":1}", "\u{FEFF}{}", "{'a':1}", "\"\u{0}\""])
  func unreadable(_ text: String) throws {
    let verdict = bench.verdict(text)
    #expect(verdict.found == [Found(.unreadableConfig)])
    let message = try #require(verdict.findings.first?.message)
    #expect(message.hasPrefix("The file isn't JSON that every client reads alike: 1:"))
  }

  /// A comment makes the file unreadable to the CLI; the IDE starts what stands in it all the same.
  @Test func aCommentHidesNoServer() {
    let verdict = bench.verdict(
      replacing: #""git": {"#,
      with: #"/**/ "web-search": {"command": "sh",}, "git": {"#)
    #expect(
      verdict.found == [
        Found(.prohibitedServer, "web-search", rule: "policy.json:10"), Found(.unreadableConfig),
      ])
    let comment = bench.verdict(String(decoding: bench.copy.bytes, as: UTF8.self) + "// approved")
    #expect(comment.found == [Found(.unreadableConfig)])
  }

  @Test func theCentralTargetSaysMore() throws {
    var central = bench
    central.user = nil
    #expect(central.verdict(central.copy.bytes).isCompliant)
    #expect(
      central.verdict(replacing: "60000", with: "1").found
        == [Found(.baselineTampered), Found(.serverDrift, "git", "timeout")])
    #expect(
      central.verdict("{").found == [Found(.baselineTampered), Found(.unreadableConfig)])
    #expect(
      central.verdict(central.copy.document.root.compactForm).found
        == [Found(.baselineTampered), Found(.serverDrift, nil, "formatting")])
    central.tolerate = [.formatting]
    #expect(central.verdict(central.copy.document.root.compactForm).isCompliant)
  }
}
