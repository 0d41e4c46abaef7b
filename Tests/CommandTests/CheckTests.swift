import MCPConfig
import Support
import Testing

@testable import mcpolicyctl

@Suite struct CheckTests {
  private let bench = Bench()
  private let folder: TemporaryFolder
  private let approved: String
  private let policy: String

  init() throws {
    folder = try TemporaryFolder()
    approved = try folder.file("approved.json", #"{"mcpServers":{"git":{"command":"uvx"}}}"#)
    policy = try folder.file("policy.json", Self.policy(approved: approved, pin: nil))
  }

  private static func policy(approved: String, pin: String?) -> String {
    let pin = pin.map { #", "sha256": "\#($0)""# } ?? ""
    return """
      {"version": 1, "approved": {"file": "\(approved)"\(pin)},
       "targets": [{"name": "kiro", "path": "~/.kiro/settings/mcp.json", "client": "kiro"}],
       "whitelist": [{"server": "git", "tier": 1}, {"server": "web-search", "tier": 3}]}
      """
  }

  private func verdict(_ text: String) throws -> (Outcome, JSON) {
    let file = try folder.file("mcp.json", text)
    let status = bench.run("check", "--policy", policy, "--json", file)
    return (status, try #require(try bench.json()["files"]?.elements?.first))
  }

  @Test(arguments: [
    #"{"mcpServers":{"git":{"command":"uvx"}}}"#, #"{ "mcpServers": {"git": {"command": "uvx"}} }"#,
    #"{"mcpServers":{"git":{"command":"uvx","disabled":true}}}"#,
  ])
  func compliant(_ text: String) throws {
    let (status, file) = try verdict(text)
    #expect(status == .fine)
    #expect(file["verdict"]?.string == "compliant")
    #expect(file["findings"]?.elements?.isEmpty == true)
  }

  /// As for the daemon, a folder's own accounts come before the host's.
  @Test func aUserOfARootIsItsOwn() throws {
    let root = TemporaryRoot()
    root.makeFolder("etc")
    root.write("etc/passwd", "root:x:4711:4711::/root:/bin/sh\nzoe:x:4712:4712::/:/bin/sh\n")
    root.write("etc/group", "zoe:x:4712:\nplatform:x:4713:amy,zoe\n")
    let policy = try folder.file(
      "groups.json",
      #"""
      {"version": 1, "approved": {"file": "\#(approved)"},
       "targets": [{"name": "kiro", "path": "~/.kiro/settings/mcp.json", "client": "kiro"}],
       "whitelist": [{"server": "git", "tier": 2, "groups": ["platform"]}]}
      """#)
    let file = try folder.file("mcp.json", #"{"mcpServers":{"git":{"command":"uvx"}}}"#)
    func check(_ user: String) -> Outcome {
      bench.run(
        "check", "--root", root.path, "--policy", policy, "--approved", approved, "--user", user,
        file)
    }
    #expect(check("zoe") == .fine)
    #expect(check("root") == .findings)
    #expect(check("nobody-at-all") == .badInput)
  }

  @Test func drift() throws {
    let (status, file) = try verdict(
      #"{"mcpServers":{"git":{"command":"sh"},"web-search":{"url":""},"evil\u001b[2J":{"url":""}}}"#
    )
    #expect(status == .findings)
    #expect(file["verdict"]?.string == "drift")
    let findings = try #require(file["findings"]?.elements)
    for finding in findings {
      #expect(
        finding.members?.map(\.key)
          == ["kind", "severity", "server", "field", "rule", "message"])
    }
    let kinds = Set(findings.compactMap { $0["kind"]?.string })
    #expect(kinds == ["server-drift", "prohibited-server", "unauthorized-server"])
    #expect(!bench.output.unicodeScalars.contains("\u{1B}"))
    let plain = bench.run("check", "--policy", policy, folder.path + "/mcp.json")
    #expect(plain == .findings)
    #expect(!bench.output.unicodeScalars.contains("\u{1B}"))
  }

  @Test(arguments: ["", "{", #"{"a":1,"a":1}"#, "{} // c"])
  func unreadable(_ text: String) throws {
    let (status, file) = try verdict(text)
    #expect(status == .findings)
    #expect(file["verdict"]?.string == "unreadable")
    #expect(file["findings"]?.elements?.first?["kind"]?.string == "unreadable-config")
  }

  @Test func aMissingFileIsBadInputAndDoesntStopTheRest() throws {
    #expect(
      bench.run("check", "--policy", policy, "--json", folder.path + "/none", approved)
        == .badInput)
    let verdicts = try bench.json()["files"]?.elements?.compactMap { $0["verdict"]?.string }
    #expect(verdicts == ["unreadable", "compliant"])
  }

  @Test func aBrokenPolicyIsToldWithItsPlace() throws {
    let broken = try folder.file("broken.json", "{\n  \"versio\": 1\n}")
    #expect(bench.run("check", "--policy", broken, approved) == .badInput)
    #expect(bench.errors.hasPrefix("mcpolicyctl: \(broken):2:3: "))
  }

  @Test func aBrokenApprovedConfigurationIsToldWithItsPlace() throws {
    let broken = try folder.file("broken.json", "{")
    #expect(
      bench.run("check", "--policy", policy, "--approved", broken, approved) == .badInput)
    #expect(bench.errors.hasPrefix("mcpolicyctl: \(broken):1:2: "))
  }

  @Test func thePinHolds() throws {
    let wrong = try folder.file(
      "pinned.json",
      Self.policy(approved: approved, pin: String(repeating: "0", count: 64)))
    #expect(bench.run("check", "--policy", wrong, approved) == .badInput)
    #expect(bench.errors.contains("isn't what the policy pins"))
    #expect(
      bench.run("check", "--policy", wrong, "--approved", approved, approved) == .fine)
  }

  @Test func anUnknownUserIsBadInput() {
    #expect(
      bench.run("check", "--policy", policy, "--user", "no such user", approved) == .badInput)
  }
}
