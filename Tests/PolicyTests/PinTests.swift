import MCPConfig
import Testing

@testable import Policy

@Suite struct PinTests {
  private static let approved = #"{"mcpServers": {"git": {"command": "uvx"}}}"#

  private func policy(pin: String, tier: Int = 1) throws -> Policy {
    let text = """
      {"version": 1, "approved": {"file": "/a"}, "targets": [{"name": "c", "path": "/e/m", "client": "kiro"}],
       "whitelist": [{"server": "git", "tier": \(tier), "sha256": "\(pin)"}]}
      """
    return try Policy(parsing: Array(text.utf8), file: "policy.json")
  }

  private func pin(of definition: String) throws -> String {
    try JSON(parsing: Array(definition.utf8)).canonicalSHA256.hexadecimal
  }

  @Test func thePinnedDefinitionIsAllowed() throws {
    let whitelist = try policy(pin: pin(of: #"{"command": "uvx"}"#)).whitelist
    let copy = try ApprovedCopy(bytes: Array(Self.approved.utf8))
    let server = try #require(copy.document.servers.first)
    #expect(whitelist.decide(server, for: nil) == .allowed(rule: "policy.json:2"))
    #expect(copy.effective(for: nil, under: whitelist).bytes == copy.bytes)
  }

  @Test func anotherDefinitionIsNot() throws {
    let whitelist = try policy(pin: pin(of: #"{"command": "sh"}"#)).whitelist
    let copy = try ApprovedCopy(bytes: Array(Self.approved.utf8))
    let server = try #require(copy.document.servers.first)
    #expect(whitelist.decide(server, for: nil) == .otherDefinition(rule: "policy.json:2"))
    #expect(copy.effective(for: nil, under: whitelist).document.servers.isEmpty)
  }

  @Test func aFileWithItIsToldByTheRule() throws {
    let rules = try policy(pin: pin(of: #"{"command": "sh"}"#)).whitelist.rules
    let found = try findings(
      Self.approved, approved: #"{"mcpServers": {}}"#, whitelist: rules)
    #expect(found.map(\.kind) == [.unauthorizedServer])
    #expect(found.first?.rule == "policy.json:2")
    #expect(found.first?.message.contains("another definition") == true)
  }

  @Test(arguments: ["", "12", String(repeating: "g", count: 64)])
  func aPinIs64Digits(_ pin: String) {
    #expect(throws: PolicyError.self) { try policy(pin: pin) }
  }

  @Test func tier3TakesNone() throws {
    let pin = try pin(of: "{}")
    #expect(throws: PolicyError.self) { try policy(pin: pin, tier: 3) }
  }
}
