import MCPConfig
import Policy
import Testing

/// Who may have which server, and which rule says so.
@Suite struct WhitelistTests {
  private func whitelist(_ entries: String) throws -> Whitelist {
    let text = """
      {"version": 1, "approved": {"file": "/a"},
       "targets": [{"name": "t", "path": "~/m", "client": "kiro"}], "whitelist": [
      \(entries)
      ]}
      """
    return try Policy(parsing: Array(text.utf8), file: "p").whitelist
  }

  private static let entries = """
    {"server": "all", "tier": 1},
    {"server": "users", "tier": 2, "users": ["alice", "carol"]},
    {"server": "groups", "tier": 2, "groups": ["platform"]},
    {"server": "both", "tier": 2, "users": ["alice"], "groups": ["platform"]},
    {"server": "empty", "tier": 2, "users": [], "groups": []},
    {"server": "nobody", "tier": 3},
    {"server": "all-but-*", "tier": 3},
    {"server": "all-but-one", "tier": 1},
    {"server": "*-suffix", "tier": 3}
    """

  @Test(arguments: [
    ("all", Whitelist.Decision.allowed(rule: "p:3"), Whitelist.Decision.allowed(rule: "p:3")),
    ("users", .allowed(rule: "p:4"), .notForUser(rule: "p:4")),
    ("groups", .notForUser(rule: "p:5"), .allowed(rule: "p:5")),
    ("both", .allowed(rule: "p:6"), .allowed(rule: "p:6")),
    ("empty", .notForUser(rule: "p:7"), .notForUser(rule: "p:7")),
    ("nobody", .prohibited(rule: "p:8"), .prohibited(rule: "p:8")),
    ("all-but-", .prohibited(rule: "p:9"), .prohibited(rule: "p:9")),
    // A pattern of tier 3 is stronger than a name.
    ("all-but-one", .prohibited(rule: "p:9"), .prohibited(rule: "p:9")),
    ("x-suffix", .prohibited(rule: "p:11"), .prohibited(rule: "p:11")),
    ("-suffix", .prohibited(rule: "p:11"), .prohibited(rule: "p:11")),
    ("x-suffix-x", .unknown, .unknown),
    ("ALL", .unknown, .unknown), ("all ", .unknown, .unknown), ("", .unknown, .unknown),
    ("all\0", .unknown, .unknown), ("*", .unknown, .unknown),
  ])
  func decisions(
    _ name: String, _ alice: Whitelist.Decision, _ bob: Whitelist.Decision
  ) throws {
    let whitelist = try whitelist(Self.entries)
    let server = ByteString(name)
    #expect(whitelist.decide(server, for: .alice) == alice)
    #expect(whitelist.decide(server, for: .bob) == bob)
    #expect(alice.rule.hasPrefix(alice == .unknown ? "default" : "p:"))
  }

  /// The approved configuration itself may hold what someone may have.
  @Test func withoutAUser() throws {
    let whitelist = try whitelist(Self.entries)
    #expect(whitelist.decide("users", for: nil).isAllowed)
    #expect(whitelist.decide("groups", for: nil).isAllowed)
    #expect(!whitelist.decide("nobody", for: nil).isAllowed)
    #expect(!whitelist.decide("other", for: nil).isAllowed)
  }

  /// Two accounts whose names Unicode calls equivalent are two accounts.
  @Test func accountNamesAreBytes() throws {
    let whitelist = try whitelist(
      """
      {"server": "a", "tier": 2, "users": ["jos\u{E9}"]},
      {"server": "b", "tier": 2, "groups": ["K"]}
      """)
    let composed = UserIdentity(uid: 1, name: "jos\u{E9}", groups: ["K"])
    let other = UserIdentity(uid: 2, name: "jose\u{301}", groups: ["\u{212A}"])
    #expect(composed.name == other.name)
    for server: ByteString in ["a", "b"] {
      #expect(whitelist.decide(server, for: composed).isAllowed)
      #expect(!whitelist.decide(server, for: other).isAllowed)
    }
  }

  @Test(arguments: [
    ("*", "", true), ("*", "anything\n\0", true), ("a*", "a", true), ("a*", "ab", true),
    ("a*", "ba", false), ("*a", "ba", true), ("*a", "ab", false), ("a*b", "ab", true),
    ("a*b", "axxb", true), ("a*b", "axxbx", false), ("a*b*c", "abbc", true),
    ("a*b*c", "acb", false), ("**", "x", true), ("a**b", "ab", true), ("*a*", "bab", true),
    ("", "", true), ("", "a", false), ("a", "", false), ("*a*a*a*", "aa", false),
    ("*.example", "x.examplé", false), ("K*", "\u{212A}x", false), ("é*", "e\u{301}", false),
    ("a?c", "abc", false), ("[ab]", "a", false),
  ])
  func patterns(_ pattern: String, _ name: String, _ matches: Bool) {
    #expect(Glob(pattern: Array(pattern.utf8)).matches(Array(name.utf8)) == matches)
  }

  @Test func noNameMakesAPatternSlow() {
    let pattern = String(repeating: "a*", count: 20) + "b"
    let name = String(repeating: "a", count: 20_000)
    #expect(!Glob(pattern: Array(pattern.utf8)).matches(Array(name.utf8)))
  }
}
