import MCPConfig
import Testing

@testable import Policy

@Suite struct LintDefinitionTests {
  private func warnings(_ text: String) throws -> [LintWarning] {
    let bytes = Array(text.utf8)
    return ApprovalLint.warnings(
      on: try ConfigDocument(parsing: bytes, as: .comments), text: bytes)
  }

  private func rules(_ definition: String) throws -> [String] {
    try warnings(#"{"mcpServers": {"s": \#(definition)}}"#).map {
      "\($0.rule.rawValue) \($0.field)"
    }
  }

  @Test(arguments: [
    "NODE_OPTIONS", "LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "PATH", "PYTHONPATH",
    "PYTHONSTARTUP", "NPM_CONFIG_REGISTRY", "npm_config_registry", "UV_INDEX_URL", "PIP_INDEX_URL",
    "BASH_ENV", "DYLD_INSERT_LIBRARIES", "GIT_SSH_COMMAND", "HOME", "JAVA_TOOL_OPTIONS",
    "NODE_TLS_REJECT_UNAUTHORIZED",
  ])
  func variable(_ name: String) throws {
    #expect(
      try rules(#"{"command": "/opt/s", "env": {"\#(name)": "x"}}"#)
        == ["execution-environment env.\(name)"])
  }

  @Test(arguments: [
    "TOKEN_PATH", "NODE_ENV", "LOG_LEVEL", "HTTPS_PROXY", "PYTHONUNBUFFERED", "UV_NO_PROGRESS",
    "NPM_CONFIG_LOGLEVEL", "path", "MY_UV_INDEX", "NODE_OPTION\u{3A3}", "PYTHONUTF8",
    "SSL_CERT_FILE",
  ])
  func harmlessVariable(_ name: String) throws {
    #expect(try rules(#"{"command": "/opt/s", "env": {"\#(name)": "x"}}"#) == [])
  }

  @Test(arguments: [
    ("http://a.example/mcp", true), ("HTTP://a.example", true), ("ws://a.example", true),
    ("http://localhost.example", true), ("http://127.0.0.1.example/", true),
    ("http://localhost@a.example", true), ("http://[::2]/", true), ("https://a.example", false),
    ("http://localhost:8080/mcp", false), ("http://127.0.0.1", false), ("http://[::1]:80/", false),
    ("http://LOCALHOST", false), ("httpx://a.example", false), ("", false),
  ])
  func address(_ url: String, _ isPlain: Bool) throws {
    #expect(try rules(#"{"url": "\#(url)"}"#) == (isPlain ? ["plain-http url"] : []))
  }

  @Test(arguments: [
    (#"["*"]"#, ["auto-approve-all autoApprove[0]"]),
    (#"["a", "*"]"#, ["auto-approve-all autoApprove[1]"]),
    (#""*""#, ["auto-approve-all autoApprove"]), (#"["a*"]"#, []), ("[]", []), ("7", []),
  ])
  func approvals(_ value: String, _ wanted: [String]) throws {
    #expect(try rules(#"{"command": "/opt/s", "autoApprove": \#(value)}"#) == wanted)
  }

  @Test func namesThatBecomeOne() throws {
    let found = try warnings(
      #"{"mcpServers": {"my-srv": {"url": ""}, "My Srv": {"url": ""}, "other": {"url": ""}}}"#)
    #expect(found.map(\.rule) == [.toolIDCollision])
    #expect(found.first?.server == "My Srv")
    #expect(found.first?.position == Position(line: 1, column: 40))
    #expect(found.first?.message.contains(#""my-srv""#) == true)
  }

  @Test func aSecretIsNeverInItsWarning() throws {
    let secret = "ghp_0123456789abcdefghijABCDEFGHIJ012345"
    let found = try warnings(
      """
      {"mcpServers": {"\(secret)": {
        "command": "/opt/s",
        "env": {"T": "\(secret)", "\(secret)": "x"},
        "args": ["\(secret)"]
      }}}
      """)
    #expect(found.count == 3)
    #expect(found.allSatisfy { $0.rule == .literalSecret })
    #expect(found.map(\.position.line) == [3, 3, 4])
    for warning in found {
      #expect(!"\(warning)".contains(secret))
    }
  }

  @Test func placesAreThoseOfTheText() throws {
    let found = try warnings(
      """
      { // é
        "mcpServers": {"s": {
          /* é */ "command": "npx",
          "args": ["-y", "pkg"]
        }}
      }
      """)
    #expect(
      found.map { "\($0.position) \($0.rule.rawValue)" } == [
        "3:24 command-by-path", "4:20 unpinned-package",
      ])
  }

  @Test(arguments: [
    "[]", "{}", #"{"mcpServers": []}"#, #"{"mcpServers": {"s": 7}}"#,
    #"{"mcpServers": {"s": {"command": [], "args": {}, "env": [], "url": {}, "autoApprove": {}}}}"#,
    #"{"mcpServers": {"s": {"command": "", "args": [7, null, ["x"]]}}}"#,
    #"{"mcpServers": {"s": {"command": "docker", "args": ["run", "-", "--", "", "-v"]}}}"#,
    #"{"mcpServers": {"s": {"command": "npx", "args": ["-", "=", "--=", "--p", "-\u00e9"]}}}"#,
    #"{"mcpServers": {"s": {"command": "uvx", "args": ["--from"]}}}"#,
    #"{"mcpServers": {"s": {"command": "env", "args": ["=", "env", "cmd", "/c"]}}}"#,
  ])
  func oddShapesAreNoTrouble(_ text: String) throws {
    for warning in try warnings(text) { #expect(!warning.message.isEmpty) }
  }

  @Test func everyRuleSaysWhatItIs() {
    #expect(Set(LintRule.allCases.map(\.summary)).count == LintRule.allCases.count)
  }

  @Test func aPlaceTableAgreesWithPosition() {
    let text = Array(String(repeating: "{\"é\": 1}\n日本\n\n", count: 100).utf8)
    let table = PlaceTable(text)
    for offset in -1...(text.count + 1) {
      #expect(table.position(of: offset) == Position(of: offset, in: text))
    }
    #expect(PlaceTable([]).position(of: 5) == Position(line: 1, column: 1))
  }
}

/// What no one writes by hand takes no more time than its bytes ask for, and no stack.
@Suite(.timeLimit(.minutes(1))) struct LintLimitTests {
  private func count(_ definition: JSON) throws -> Int {
    let text = (["mcpServers": ["s": definition]] as JSON).compactForm
    return ApprovalLint.warnings(on: try ConfigDocument(parsing: text), text: text).count
  }

  @Test(arguments: ["env", "busybox", "cmd", "npx", "docker", "npm"])
  func manyWords(_ program: String) throws {
    for word in [program, "-v", "exec", "/c", "=", "--p"] {
      let words = [JSON](repeating: .text(word), count: 5_000)
      #expect(try count(["command": .text(program), "args": .array(words)]) < 5_001)
    }
  }

  @Test func manySecrets() throws {
    let secret: JSON = "ghp_0123456789abcdefghijABCDEFGHIJ012345"
    let variables = (0..<4_000).map { ("T\($0)", secret) }
    #expect(try count(["command": "/opt/s", "env": .object(variables)]) == 4_000)
  }
}
