import MCPConfig
import Policy
import Testing

/// Effective copy = approved configuration, less what the whitelist doesn't give, less revoked, plus
/// granted. In the bench's policy `github` is tier 2 for a group of bob's, and alice isn't in it.
@Suite struct ExceptionTests {
  private let bench: Bench
  private let github: SHA256Digest

  init() throws {
    bench = try Bench()
    github = try #require(bench.copy.document.server("github", in: .servers)).sha256
  }

  private func names(_ user: UserIdentity, _ exceptions: Exceptions) -> [ByteString] {
    var whitelist = bench.whitelist
    whitelist.exceptions = exceptions
    return bench.copy.effective(for: user, under: whitelist).document.servers.map(\.name)
  }

  private func grant(
    _ server: ByteString = "github", _ user: UserIdentity = .alice, uid: UInt32? = nil,
    sha256: SHA256Digest? = nil
  ) -> Exceptions.Grant {
    Exceptions.Grant(
      number: 7, server: server, sha256: sha256 ?? github, user: user.name, uid: uid ?? user.uid)
  }

  @Test func theTable() {
    let all: [ByteString] = ["git", "docs", "idle", "github", "git"]
    let without: [ByteString] = ["git", "docs", "idle", "git"]
    let other = SHA256Digest(of: [1])
    let rows: [(UserIdentity, Exceptions, [ByteString], String)] = [
      (.alice, Exceptions(), without, "tier 2 isn't hers"),
      (.bob, Exceptions(), all, "tier 2 is his"),
      (.alice, Exceptions(grants: [grant()]), all, "granted"),
      (.alice, Exceptions(grants: [grant(uid: 4711)]), without, "another account of the name"),
      (.alice, Exceptions(grants: [grant("github", .bob)]), without, "someone else's grant"),
      (
        .alice, Exceptions(grants: [grant("github", .bob, uid: UserIdentity.alice.uid)]), without,
        "another name of the account"
      ),
      (.alice, Exceptions(grants: [grant(sha256: other)]), without, "another definition"),
      (.alice, Exceptions(grants: [grant("git")]), without, "another server's grant"),
      (
        .alice, Exceptions(revoked: ["github"], grants: [grant()]), without,
        "revoked wins over granted"
      ),
      (.bob, Exceptions(revoked: ["github"]), without, "revoked"),
      (.bob, Exceptions(revoked: ["git"]), ["docs", "idle", "github"], "in every section"),
      (.bob, Exceptions(revoked: ["Github", "github "]), all, "names are bytes"),
      (
        .bob, Exceptions(revokedDigests: [SHA256Digest(of: Array("github".utf8))]), without,
        "a revocation that can't be read"
      ),
    ]
    for (user, exceptions, wanted, why) in rows {
      #expect(names(user, exceptions) == wanted, "\(user.name): \(why)")
    }
  }

  /// Tier 3, servers that no rule names and servers that weren't approved stay out.
  @Test(arguments: ["web-search", "evil-1", "unlisted"])
  func aGrantGivesNothingElse(_ server: String) throws {
    let approved = try ApprovedCopy(
      bytes: Array(#"{"mcpServers":{"git":{},"\#(server)":{"command":"x"}}}"#.utf8))
    let entry = try #require(approved.document.server(ByteString(server), in: .servers))
    var whitelist = bench.whitelist
    whitelist.exceptions.grants = [grant(ByteString(server), sha256: entry.sha256)]
    #expect(!whitelist.decide(entry, for: .alice).isAllowed)
    #expect(
      approved.effective(for: .alice, under: whitelist).document.servers.map(\.name) == ["git"])
  }

  @Test func aGrantIsNotOneOfTheConfigurationItself() throws {
    var whitelist = bench.whitelist
    whitelist.exceptions.grants = [grant()]
    #expect(whitelist.decide("github", for: .alice) == .notForUser(rule: "policy.json:8"))
    let entry = try #require(bench.copy.document.server("github", in: .servers))
    #expect(whitelist.decide(entry, for: .alice) == .allowed(rule: "grant 7"))
    #expect(whitelist.decide(entry, for: .bob) == .allowed(rule: "policy.json:8"))
  }

  @Test func aPinIsStrongerThanAGrant() throws {
    var whitelist = try Policy(
      parsing: Array(
        Bench.policy.replacing(
          #""groups": ["platform"]}"#,
          with: #""groups": ["platform"], "sha256": "\#(SHA256Digest(of: []))"}"#
        ).utf8), file: "p"
    ).whitelist
    whitelist.exceptions.grants = [grant()]
    let entry = try #require(bench.copy.document.server("github", in: .servers))
    #expect(whitelist.decide(entry, for: .alice) == .otherDefinition(rule: "p:8"))
    #expect(throws: GrantRefusal.otherDefinition(rule: "p:8")) {
      try whitelist.grantable("github", in: bench.copy.document, to: .alice)
    }
  }

  @Test func theCentralTargetLosesOnlyWhatIsRevoked() {
    var whitelist = bench.whitelist
    #expect(bench.copy.unrevoked(under: whitelist).bytes == bench.copy.bytes)
    whitelist.exceptions.revoked = ["docs"]
    #expect(
      bench.copy.unrevoked(under: whitelist).document.servers.map(\.name)
        == ["git", "idle", "github", "git"])
  }

  /// Whoever may have all of the rest gets the very bytes of the central target, or a link to it
  /// would give more than it should.
  @Test func withARevocationTheFullCopyIsTheCentralOne() {
    var whitelist = bench.whitelist
    whitelist.exceptions.revoked = ["docs"]
    #expect(
      bench.copy.effective(for: .bob, under: whitelist).bytes
        == bench.copy.unrevoked(under: whitelist).bytes)
  }

  @Test func aRevokedServerAddedAgainIsAFinding() throws {
    var bench = bench
    bench.whitelist.exceptions.revoked = ["git"]
    let verdict = bench.verdict(Bench.approved)
    let found = verdict.findings.filter { $0.rule == "revoked" }
    #expect(found.map(\.kind) == [.prohibitedServer, .prohibitedServer])
    #expect(found.allSatisfy { $0.severity == .high && $0.server == "git" })
    #expect(found[0].message.contains("revoked"))
  }

  @Test func whatCanBeGranted() throws {
    let document = bench.copy.document
    #expect(
      try bench.whitelist.grantable("github", in: document, to: .alice).sha256 == github)
    let refused: [(ByteString, UserIdentity, GrantRefusal)] = [
      ("github", .bob, .alreadyAllowed(rule: "policy.json:8")),
      ("git", .alice, .alreadyAllowed(rule: "policy.json:5")),
      ("db", .alice, .notApproved), ("nothing", .alice, .notApproved),
      ("web-search", .alice, .prohibited(rule: "policy.json:10")),
      ("evil-1", .alice, .prohibited(rule: "policy.json:11")),
    ]
    for (server, user, refusal) in refused {
      #expect(throws: refusal, "\(server)") {
        try bench.whitelist.grantable(server, in: document, to: user)
      }
    }
    var whitelist = bench.whitelist
    whitelist.exceptions.grants = [grant()]
    #expect(throws: GrantRefusal.alreadyAllowed(rule: "grant 7")) {
      try whitelist.grantable("github", in: document, to: .alice)
    }
    whitelist.exceptions.revoked = ["github"]
    #expect(throws: GrantRefusal.revoked) {
      try whitelist.grantable("github", in: document, to: .alice)
    }
    let unlisted = try ConfigDocument(parsing: Array(#"{"mcpServers":{"new":{}}}"#.utf8))
    #expect(throws: GrantRefusal.notListed) {
      try bench.whitelist.grantable("new", in: unlisted, to: .alice)
    }
  }

  /// What the refusals say is for a terminal.
  @Test func refusalsAreHarmless() {
    let refusals: [GrantRefusal] = [
      .notApproved, .notListed, .prohibited(rule: "p:1"), .revoked, .alreadyAllowed(rule: "p:1"),
      .otherDefinition(rule: "p:1"),
    ]
    for refusal in refusals {
      let message = refusal.message("evil\u{1B}]0;x\u{7}\n", "al\u{202E}ice")
      #expect(ByteString(message).escaped == message)
    }
  }
}
