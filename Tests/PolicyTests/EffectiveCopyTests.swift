import MCPConfig
import Policy
import Testing

/// A user's approved copy: the approved configuration less what the whitelist doesn't give them.
@Suite struct EffectiveCopyTests {
  @Test func whoMayHaveAllGetsTheVeryBytes() throws {
    let bench = try Bench()
    for user in [UserIdentity.bob, nil] {
      let copy = bench.copy.effective(for: user, under: bench.whitelist)
      #expect(copy.bytes == bench.copy.bytes)
      #expect(copy.sha256 == bench.copy.sha256)
    }
  }

  @Test func othersGetTheRest() throws {
    let bench = try Bench()
    let copy = bench.copy.effective(for: .alice, under: bench.whitelist)
    #expect(copy.document.servers.map(\.name) == ["git", "docs", "idle", "git"])
    #expect(copy.document.root["theme"]?.string == "dark")
    #expect(copy.sha256 == SHA256Digest(of: copy.bytes))
    let read = try ApprovedCopy(bytes: copy.bytes)
    #expect(read.canonicalSHA256 == copy.canonicalSHA256)
    #expect(read.document.root.canonicalForm == copy.document.root.canonicalForm)
    // What isn't the difference is as it was approved.
    for server in copy.document.servers {
      let approved = bench.copy.document.server(server.name, in: server.section)
      #expect(server.sha256 == approved?.sha256)
    }
  }

  @Test func everyoneIsCompliantWithTheirOwnCopyOnly() throws {
    var alice = try Bench()
    alice.user = .alice
    let own = alice.copy.effective(for: .alice, under: alice.whitelist)
    #expect(alice.verdict(own.bytes).isCompliant)
    #expect(!alice.verdict(alice.copy.bytes).isCompliant)
    var bob = alice
    bob.user = .bob
    #expect(bob.verdict(own.bytes).found == [Found(.missingServer, "github")])
    #expect(bob.verdict(bob.copy.bytes).isCompliant)
  }

  @Test func aUserWithoutAnyServerGetsAnEmptySection() throws {
    let bench = try Bench(approved: #"{"mcpServers":{"github":{"command":"gh-mcp"}}}"#)
    let copy = bench.copy.effective(for: .alice, under: bench.whitelist)
    #expect(
      String(decoding: copy.document.root.compactForm, as: UTF8.self) == #"{"mcpServers":{}}"#)
  }

  /// A copy larger than what is read back would be restored for ever.
  @Test func lineBreaksDontMakeItTooLarge() throws {
    let args = (0..<20_000).map { _ in "{}" }.joined(separator: ",")
    let text = #"{"mcpServers":{"github":{},"git":{"x":[\#(args)],"y":"PAD"}}}"#
    let padding = String(repeating: "a", count: (1 << 20) - text.utf8.count)
    let bench = try Bench(approved: text.replacing("PAD", with: padding))
    let copy = bench.copy.effective(for: .alice, under: bench.whitelist)
    #expect(copy.document.root.prettyForm.count > JSONLimits().size)
    #expect(copy.bytes.count <= JSONLimits().size)
    #expect(try ApprovedCopy(bytes: copy.bytes).canonicalSHA256 == copy.canonicalSHA256)
  }
}
