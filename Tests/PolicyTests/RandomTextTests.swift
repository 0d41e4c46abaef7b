import MCPConfig
import Testing

@testable import Policy

@Suite struct RandomTextTests {
  private static let random = "q7Zk2mX9vB4tR8wL1nC5"

  @Test(arguments: [
    "GITHUB_TOKEN", "API_KEY", "apiKey", "x-api-key", "DB_PASSWORD", "clientSecret", "AUTH_KEY",
    "NOTION_PAT",
  ])
  func tellingNames(_ name: String) {
    #expect(RandomText.isSecret(Array(Self.random.utf8), under: ByteString(name)))
  }

  @Test(arguments: [
    "LOG_LEVEL", "KEYBOARD", "TOKEN_URL", "SECRET_NAME", "PASSWORD_FILE", "AWS_ACCESS_KEY_ID",
    "KEY",
    "PATTERN", "MONKEY", "",
  ])
  func otherNames(_ name: String) {
    #expect(!RandomText.isSecret(Array(Self.random.utf8), under: ByteString(name)))
  }

  @Test(arguments: [
    "${GITHUB_TOKEN}", "$TOKEN", "<your-token-1234567>", "YOUR_API_KEY_1234567", "changeme12345678",
    "xxxxxxxxxxxxxxxx1234", "00000000000000000000", "example-token-12345", "short1", "true",
    "only letters and words", "REDACTED-0000-1111", "aaaaaaaaaaaaaaaa1",
  ])
  func valuesThatAreNoSecrets(_ value: String) {
    #expect(!RandomText.isSecret(Array(value.utf8), under: "API_KEY"))
  }

  @Test func theFindingShowsNothingOfIt() throws {
    let found = try findings(
      #"{"mcpServers": {"git": {"command": "uvx", "env": {"SOME_TOKEN": "\#(Self.random)"}}}}"#,
      approved: #"{"mcpServers": {"git": {"command": "uvx"}}}"#, whitelist: [])
    let finding = try #require(found.first { $0.kind == .credentialExposure })
    #expect(finding.field == "env.SOME_TOKEN")
    #expect(!finding.message.contains(Self.random))
  }
}
