import MCPConfig
import Testing

@testable import Policy

/// What of a definition may be shown.
@Suite struct LintShownValueTests {
  private func shown(_ value: String, _ path: ByteString...) throws -> String {
    ShownValue.text(try JSON(parsing: Array(value.utf8)), at: path)
  }

  @Test(arguments: [
    (
      #"["-y", "@scope/pkg@1.2.3", "/srv/projects"]"#,
      #"["-y", "@scope/pkg@1.2.3", "/srv/projects"]"#
    ),
    (#"["--token", "abc"]"#, #"["--token", "•••• (3 characters)"]"#),
    (#"["--api-key=abc"]"#, #"["--api-key=•••• (3 characters)"]"#),
    (#"["--token", "${TOKEN}"]"#, #"["--token", "${TOKEN}"]"#),
    (#"["--token", "--verbose"]"#, #"["--token", "--verbose"]"#),
    (#"["-e", "NAME=abc"]"#, #"["-e", "NAME=•••• (3 characters)"]"#),
    (#"["-e", "NAME"]"#, #"["-e", "NAME"]"#),
    (#"["-H", "X-Any: abc"]"#, #"["-H", "X-Any:•••• (4 characters)"]"#),
    (#"["-u", "bob:pw"]"#, #"["-u", "•••• (6 characters)"]"#),
    (#"["0123456789abcdefghij0"]"#, #"["•••• (21 characters)"]"#),
    (
      #"["img@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"]"#,
      #"["img@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"]"#
    ),
    (#"["bob:pw@h.example:5432/db"]"#, #"["•••• (24 characters)"]"#),
    (#"["a@npm:b@1.2.3"]"#, #"["a@npm:b@1.2.3"]"#),
    (
      #"["git+https://h.example/r@0123456789abcdef0123456789abcdef01234567"]"#,
      #"["git+https://h.example/r@0123456789abcdef0123456789abcdef01234567"]"#
    ),
    (
      #"["postgres://bob:pw@h.example/db?sslkey=abc#frag"]"#,
      #"["postgres://••••@h.example/db?sslkey=••••#••••"]"#
    ),
    (#"[7, null, {"a": "b"}]"#, "[•••• (a number), null, {a: •••• (1 character)}]"),
    (#""abc""#, "•••• (3 characters)"),
  ])
  func arguments(_ value: String, _ wanted: String) throws {
    #expect(try shown(value, "args") == wanted)
  }

  @Test func byKey() throws {
    #expect(try shown(#""/usr/bin/npx""#, "command") == #""/usr/bin/npx""#)
    #expect(try shown(#""https://a.example/mcp""#, "url") == #""https://a.example/mcp""#)
    #expect(
      try shown(#""https://a.example/s/0123456789abcdefghij0/mcp?key""#, "url")
        == #""https://a.example/s/••••/mcp?••••""#)
    #expect(try shown("60000", "timeout") == "60000")
    #expect(try shown("true", "disabled") == "true")
    #expect(try shown(#"["a"]"#, "autoApprove") == #"["a"]"#)
    #expect(try shown(#""abc""#, "env", "NAME") == "•••• (3 characters)")
    #expect(try shown(#""${NAME}""#, "env", "NAME") == #""${NAME}""#)
    #expect(try shown(#""${NAME:-abc}""#, "env", "NAME") == "•••• (12 characters)")
    #expect(try shown("1234", "env", "PIN") == "•••• (a number)")
    #expect(
      try shown(#"{"clientSecret": "abc"}"#, "oauth") == "{clientSecret: •••• (3 characters)}")
    #expect(try shown(#""\u001b[2J\u202e""#, "command") == #""\u{1b}[2J\u{202e}""#)
    #expect(ShownValue.field(["env", "a\u{1B}b"]) == #"env.a\u{1b}b"#)
  }

  @Test func longListsAreCut() throws {
    let many = "[" + String(repeating: #""a","#, count: 99) + #""a"]"#
    #expect(try shown(many, "args").hasSuffix(#""a", … and 60 more]"#))
  }
}
