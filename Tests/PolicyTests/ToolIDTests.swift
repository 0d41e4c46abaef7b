import MCPConfig
import Testing

@testable import Policy

@Suite struct ToolIDTests {
  @Test(arguments: [
    ("my-srv", "my_srv"), ("My Srv", "my_srv"), ("git", "GIT"), ("a.b", "ab"), ("é", ""),
    ("\u{212A}iro", "kiro"), ("\u{130}x", "ix"),
    (String(repeating: "a", count: 64), String(repeating: "a", count: 99)),
  ])
  func areTheSame(_ one: String, _ other: String) {
    #expect(ToolID(of: ByteString(one)) == ToolID(of: ByteString(other)))
  }

  @Test(arguments: [("git", "gitt"), ("my-srv", "mysrv"), ("a", "b")])
  func areDifferent(_ one: String, _ other: String) {
    #expect(ToolID(of: ByteString(one)) != ToolID(of: ByteString(other)))
  }

  @Test func aNameThatPassesForAnApprovedOneIsAFinding() throws {
    let findings = try judged(
      #"{"mcpServers": {"my-srv": {"command": "a"}, "my_srv": {"command": "b"}}}"#,
      approved: #"{"mcpServers": {"my-srv": {"command": "a"}}}"#)
    let finding = try #require(findings.first { $0.field == "name" })
    #expect(finding.kind == .serverDrift)
    #expect(finding.server == "my_srv")
  }

  /// The same name in both sections is one id too.
  @Test func sectionsShareTheirIds() throws {
    let findings = try judged(
      #"{"mcpServers": {"git": {"command": "a"}}, "powers": {"mcpServers": {"git": {"command": "b"}}}}"#,
      approved: #"{"mcpServers": {"git": {"command": "a"}}}"#)
    #expect(findings.contains { $0.field == "name" })
  }

  @Test func whatWasApprovedSoIsNoFinding() throws {
    let approved = #"{"mcpServers": {"a-b": {"command": "a"}, "a_b": {"command": "b"}}}"#
    let findings = try judged(
      approved.replacingOccurrences("\"b\"}", "\"c\"}"), approved: approved)
    #expect(findings.map(\.field) == ["command"])
  }

  private func judged(_ found: String, approved: String) throws -> [Finding] {
    try findings(found, approved: approved, whitelist: [])
  }
}

extension String {
  fileprivate func replacingOccurrences(_ old: String, _ new: String) -> String {
    split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
  }
}

/// The findings on a file of these bytes, root's and 0444.
func findings(
  _ found: String, approved: String, whitelist: [Whitelist.Rule], user: UserIdentity? = nil
) throws -> [Finding] {
  let file = ObservedFile(
    bytes: Array(found.utf8), uid: 0, gid: 0, permissions: 0o444, links: 1)
  let expectation = Expectation(
    copy: try ApprovedCopy(bytes: Array(approved.utf8)), form: .readOnly(uid: 0),
    user: user ?? UserIdentity(uid: 1001, name: "alice", groups: []), client: .kiro,
    whitelist: Whitelist(rules: whitelist), tolerate: [.formatting, .disabled, .narrowerApprovals])
  return judge(.regular(file), against: expectation).findings
}
