import MCPConfig
import Policy
import Testing

/// Names and values that look alike, or are alike to Unicode, are others.
@Suite struct LookAlikeTests {
  private static let approved =
    #"{"mcpServers":{"git":{"command":"/opt/Kiro/git;","env":{"K":"1"},"autoApprove":["Kill"],"disabledTools":["Kill"]}}}"#

  @Test(arguments: [
    ("\u{261}it", "homoglyph g"), ("gi\u{442}", "Cyrillic"), ("g\u{131}t", "dotless i"),
    ("git\u{200B}", "zero width space"), ("git\u{FE0F}", "variation selector"),
    ("ｇｉｔ", "fullwidth"),
    ("git ", "space"), ("Git", "case"), ("git\0", "NUL"),
  ])
  func serverNames(_ name: ByteString, _ what: String) throws {
    let bench = try Bench(approved: Self.approved)
    let key = String(decoding: JSON.bytes(name).compactForm, as: UTF8.self)
    #expect(
      bench.verdict(Self.approved.replacing("\"git\"", with: key)).found
        == [Found(.unauthorizedServer, name, rule: "default"), Found(.missingServer, "git")],
      "\(what)")
  }

  /// Of an approved name and its twin, some clients would keep either.
  @Test(arguments: [("Kiro", "\u{212A}iro"), ("\u{E9}", "e\u{301}"), ("a;", "a\u{37E}")])
  func equivalentServerNames(_ approved: String, _ twin: String) throws {
    #expect(approved == twin)
    var bench = try Bench(approved: #"{"mcpServers":{"\#(approved)":{"command":"uvx"}}}"#)
    bench.whitelist = try Bench.whitelist(everyoneMayHave: [ByteString(approved)])
    var found = bench.verdict(#"{"mcpServers":{"\#(twin)":{"command":"uvx"}}}"#).found
    #expect(
      found == [
        Found(.unauthorizedServer, ByteString(twin), rule: "default"),
        Found(.missingServer, ByteString(approved)),
      ])
    found =
      bench.verdict(
        #"{"mcpServers":{"\#(approved)":{"command":"uvx"},"\#(twin)":{"command":"uvx"}}}"#
      ).found
    #expect(found.contains(Found(.unauthorizedServer, ByteString(twin), rule: "default")))
    #expect(found.contains(Found(.unreadableConfig, nil, "mcpServers")))
  }

  @Test(arguments: [
    ("/Kiro", "/\u{212A}iro", "command"), ("git;", "git\u{37E}", "command"),
    (#"{"K""#, "{\"\u{212A}\"", "env"), (#""env""#, "\"\u{435}nv\"", "env"),
    (#""disabledTools":["Kill"]"#, "\"disabledTools\":[\"\u{212A}ill\"]", "disabledTools"),
    (#""autoApprove":["Kill"]"#, "\"autoApprove\":[\"\u{212A}ill\"]", "autoApprove"),
  ])
  func definitions(_ piece: String, _ other: String, _ field: String) throws {
    var bench = try Bench(approved: Self.approved)
    bench.tolerate = .all
    let text = Self.approved.replacing(piece, with: other, maxReplacements: 1)
    #expect(ByteString(text) != ByteString(Self.approved))
    let verdict = bench.verdict(text)
    #expect(verdict.findings.contains { $0.server == "git" && $0.field == field }, "\(verdict)")
  }

  @Test(arguments: ["mcp\u{405}ervers", "mcpServers ", "MCPServers", "mcpServer\u{17F}"])
  func sections(_ key: String) throws {
    let bench = try Bench(approved: #"{"mcpServers":{"git":{}}}"#)
    #expect(
      bench.verdict("{\"\(key)\":{\"git\":{}}}").found
        == [Found(.serverDrift, nil, ByteString(key).escaped), Found(.missingServer, "git")])
  }
}
