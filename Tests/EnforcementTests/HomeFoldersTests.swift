import Linux
import Support
import Testing

@testable import Enforcement

@Suite struct HomeFoldersTests {
  private func folders(_ pattern: String) throws -> HomeFolders {
    let root = TemporaryRoot()
    root.makeFolder("home")
    return try HomeFolders(
      pattern: pattern,
      site: EnforcementSite(
        root: FilePath(root.path), isThrowaway: true, ownerUID: 0, daemonUID: 0))
  }

  @Test(arguments: [
    ("/home/*", "alice", true), ("/home/*", ".mcpolicyd", false), ("/home/*", "lost+found", false),
    ("/home/vdi-*", "vdi-7", true), ("/home/vdi-*", "alice", false), ("/home/alice", "alice", true),
    ("/home/alice", "bob", false), ("/home/.*", ".hidden", true),
  ])
  func matches(_ pattern: String, _ name: String, _ expected: Bool) throws {
    #expect(try folders(pattern).matches(FilePath(name)) == expected)
  }

  @Test func missingFolderIsAnError() {
    #expect(throws: SystemError.self) { try folders("/nowhere/*") }
  }
}
