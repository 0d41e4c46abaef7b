import MCPConfig
import Policy
import Testing

/// Literal secrets, none of which ever was one.
@Suite struct CredentialScanTests {
  static let secrets: [(secret: String, what: String)] = [
    ("AKIAIOSFODNN7EXAMPLE", "an AWS access key"),
    ("ASIAIOSFODNN7EXAMPLE", "an AWS access key"),
    ("key=AKIAIOSFODNN7EXAMPLE;", "an AWS access key"),
    ("ghp_" + String(repeating: "x", count: 36), "a GitHub token"),
    ("--token=gho_" + String(repeating: "0", count: 36), "a GitHub token"),
    ("ghs_" + String(repeating: "A", count: 40), "a GitHub token"),
    ("github_pat_" + String(repeating: "a_0", count: 10), "a GitHub token"),
    ("ghp_ ghp_" + String(repeating: "x", count: 36), "a GitHub token"),
    ("xoxb-" + String(repeating: "0-", count: 8), "a Slack token"),
    ("xoxp-" + String(repeating: "1", count: 12), "a Slack token"),
    ("eyJleGFtcGxlIjox.eyJleGFtcGxlIjox.c2lnbmF0dXJl", "a JSON Web Token"),
    ("jwt=eyJleGFtcGxlIjox.eyJ9.x", "a JSON Web Token"),
    ("-----BEGIN PRIVATE KEY-----\nMAo=", "a private key"),
    ("-----BEGIN RSA PRIVATE KEY-----", "a private key"),
    ("-----BEGIN OPENSSH PRIVATE KEY-----", "a private key"),
    ("Bearer example-token-0001", "a bearer token"),
    ("Authorization: bearer EXAMPLETOKEN00000001==", "a bearer token"),
    ("BEARER example.token.0001", "a bearer token"),
    ("postgresql://user:example@db.example/x", "a password in a URL"),
    ("https://:example@x.example", "a password in a URL"),
    ("https://u:ex@mple@x.example", "a password in a URL"),
    ("https://x.example https://u:example@x.example", "a password in a URL"),
    ("https://u:${A}example@x.example", "a password in a URL"),
    ("https://u:$ecret@x.example", "a password in a URL"),
    ("https://u:$@x.example", "a password in a URL"),
  ]

  private static let harmless = [
    "", "uvx", "${AWS_ACCESS_KEY_ID}", "AKIA", "AKIAIOSFODNN7EXAMPL", "AKIAIOSFODNN7EXAMPLES",
    "akiaiosfodnn7example", "xAKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLEx", "ghp_", "ghp_short",
    "ghp_" + String(repeating: "x", count: 35), "ghp_${TOKEN}", "github_pat_",
    "github_pattern_xxxxx",
    "xoxb-", "xoxb-${A}", "eyJ", "eyJleGFtcGxlIjox", "eyJleGFtcGxlIjox.${PAYLOAD}",
    "eyJleGFtcGxlIjox.eyJ9", "xeyJleGFtcGxlIjox.eyJ9.x",
    "-----BEGIN CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----", "-----BEGIN ",
    "Bearer ${TOKEN}", "Bearer $TOKEN", "Bearer ", "Bearer short-1",
    "Bearer YOUR_ACCESS_TOKEN_HERE",
    "https://x.example/mcp", "https://x.example:8080/mcp", "https://user@x.example",
    "ssh://git@x.example:22/a", "https://u:${PASSWORD}@x.example", "https://u:$PASSWORD@x.example",
    "https://x.example/?next=a:b@c", "https://x.example/a:b@c", "https://x.example#a:b@c",
    "https://x.example?a:b@c", "mailto:a:b@c", "a://", "://@", "http://u:@x.example",
  ]

  private func findings(_ place: String, _ value: JSON) throws -> [Found] {
    let bench = try Bench(approved: #"{"mcpServers":{"git":{"command":"uvx"}}}"#)
    let definition = JSON.object([("command", "uvx"), (place, value)])
    let document: JSON = ["mcpServers": ["git": definition]]
    return bench.verdict(document.compactForm).changes
  }

  @Test(arguments: secrets.indices)
  func found(_ index: Int) throws {
    let (secret, _) = Self.secrets[index]
    let exposed = Found(.credentialExposure, "git", "url")
    #expect(try findings("url", .text(secret)) == [exposed, Found(.serverDrift, "git", "url")])
    #expect(try findings("args", ["-y", .text(secret)]).first?.field == "args[1]")
    #expect(try findings("env", ["A": "1", "B": .text(secret)]).first?.field == "env.B")
    #expect(try findings("headers", ["X": .text("a " + secret)]).first?.field == "headers.X")
    #expect(try findings("args", .text(secret)).first?.field == "args")
    #expect(try findings("env", ["A": [["B": .text(secret)]]]).first?.field == "env.A[0].B")
  }

  @Test(arguments: secrets.indices)
  func saidWithoutTheSecret(_ index: Int) throws {
    let (secret, what) = Self.secrets[index]
    let bench = try Bench()
    // Wherever it stands: as a value, a key, a name, a variable, twice.
    let value = JSON.text(secret)
    let servers = { JSON.object([("mcpServers", $0)]) }
    let named = { JSON.object([(secret, $0)]) }
    let documents: [JSON] = [
      servers(["x": ["url": value, "env": ["A": value], "args": [value]]]),
      servers(named(.object([("env", named("1"))]))),
      servers(["git": .object([(secret, value), ("env", named(value))])]),
      .object([("mcpServers", named(value)), ("powers", named(value))]),
      named(value),
    ]
    for document in documents {
      let verdict = bench.verdict(document.compactForm)
      #expect(!verdict.isCompliant)
      for finding in verdict.findings { expect(finding, lacks: secret) }
    }
    let text = String(
      decoding: JSON.object([(secret, 1)]).compactForm.dropFirst().dropLast(), as: UTF8.self)
    let twice = bench.verdict("{\(text),\(text)}")
    #expect(twice.found == [Found(.unreadableConfig)])
    for finding in twice.findings {
      expect(finding, lacks: secret)
      #expect(finding.message.contains(what))
    }
  }

  private func expect(_ finding: Finding, lacks secret: String) {
    let shown = ByteString(secret).escaped
    #expect(!finding.message.contains(shown) && !finding.message.contains(secret))
    #expect(finding.field?.contains(shown) != true)
    #expect(finding.server?.text.contains(secret) != true)
  }

  @Test(arguments: harmless)
  func notFound(_ text: String) throws {
    for value in [.text(text), [.text(text)], ["A": .text(text)]] as [JSON] {
      #expect(try findings("env", value) == [Found(.serverDrift, "git", "env")])
    }
  }

  @Test func onlyWhereADefinitionCarriesSecrets() throws {
    let secret = JSON.text("AKIAIOSFODNN7EXAMPLE")
    #expect(try findings("description", secret) == [Found(.serverDrift, "git", "description")])
    #expect(try findings("env", ["A": 1, "B": .null]) == [Found(.serverDrift, "git", "env")])
  }

  /// What was approved with its secret is the approver's mistake, not this file's.
  @Test func whatIsApprovedIsNoExposureOfTheFile() throws {
    let env = #""env":{"A":"AKIAIOSFODNN7EXAMPLE"}"#
    let bench = try Bench(approved: "{\"mcpServers\":{\"git\":{\"command\":\"uvx\",\(env)}}}")
    #expect(
      bench.verdict("{\"mcpServers\":{\"git\":{\"command\":\"sh\",\(env)}}}").found
        == [Found(.serverDrift, "git", "command")])
    #expect(
      bench.verdict("{\"mcpServers\":{\"git\":{\"command\":\"uvx\"},\"x\":{\(env)}}}").found
        .contains(Found(.credentialExposure, "x", "env.A")))
  }

  /// Each repeats a prefix that could start a search over the rest of the text again.
  @Test(arguments: [
    "eyJ", "eyJ-", "eyJ.", "eyJaaaaaaaa.", "AKIA", "Bearer ", "-----BEGIN ", "://", "ghp_",
    "xoxb-\0",
    "://a:", "Bearer a",
  ])
  func longTextsAreReadOnce(_ piece: String) throws {
    let text = String(repeating: piece, count: 200_000 / piece.utf8.count)
    let clock = ContinuousClock()
    let spent = try clock.measure { _ = try findings("url", .text(text)) }
    #expect(spent < .seconds(5))
  }
}
