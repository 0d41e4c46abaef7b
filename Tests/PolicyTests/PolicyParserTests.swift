import MCPConfig
import Policy
import Support
import Testing

/// What a policy says, and what it means where it says nothing.
@Suite struct PolicyParserTests {
  private func policy(_ text: String) throws -> Policy {
    try Policy(parsing: Array(text.utf8), file: "policy.json")
  }

  @Test func theShippedPolicy() throws {
    let bytes = try #require(Corpus.read(packageFolder + "/config/policy.json"))
    let policy = try Policy(parsing: bytes, file: "/etc/mcpolicyd/policy.json")
    #expect(policy.mode == .enforce)
    #expect(policy.approvedFile == "/etc/mcpolicyd/mcp.json")
    #expect(policy.approvedPin == nil)
    #expect(policy.homes == ["/home/*"])
    #expect(policy.targets.map(\.name) == ["central", "kiro"])
    #expect(
      policy.targets.map(\.path) == [
        .absolute(["etc", "kiro", "mcp.json"]), .home([".kiro", "settings", "mcp.json"]),
      ])
    #expect(policy.central?.name == "central")
    #expect(policy.access == .readOnly)
    #expect(policy.tolerate == [.formatting, .disabled, .narrowerApprovals])
    #expect(policy.sweepSeconds == 300)
    #expect(policy.ledgerRetentionDays == 400)
    #expect(policy.whitelist.rules.count == 8)

    // Each entry's rule is the line where it stands.
    let lines = String(decoding: bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    for rule in policy.whitelist.rules {
      let line = try #require(rule.place.split(separator: ":").last.flatMap { Int($0) })
      #expect(lines[line - 1].contains("\"\(rule.server.text)\""))
    }
    // What is shipped is approvable as it is.
    let approved = try ApprovedCopy(
      bytes: try #require(Corpus.read(packageFolder + "/config/mcp.json")))
    #expect(approved.document.misshapen.isEmpty)
    #expect(
      approved.document.servers.allSatisfy {
        policy.whitelist.decide($0.name, for: .alice).isAllowed
      })
    #expect(String(decoding: bytes, as: UTF8.self).contains(approved.canonicalSHA256.hexadecimal))
  }

  @Test func defaults() throws {
    let policy = try policy(
      """
      {"version":1,"approved":{"file":"/a/b"},"whitelist":[],
       "targets":[{"name":"n","path":"~/.m","client":"kiro"}]}
      """)
    #expect(policy.mode == .enforce)
    #expect(policy.approvedPin == nil)
    #expect(policy.homes == [])
    #expect(policy.targets[0].mode == .enforce)
    #expect(policy.targets[0].client == .kiro)
    #expect(policy.access == .readOnly)
    #expect(policy.tolerate == [.formatting, .disabled, .narrowerApprovals])
    #expect(policy.sweepSeconds == 300)
    #expect(policy.metricsFile == nil)
    #expect(policy.ledgerRetentionDays == 400)
    #expect(policy.central == nil)
    #expect(policy.whitelist.decide("git", for: nil) == .unknown)
  }

  @Test func everythingSaid() throws {
    let policy = try policy(
      """
      // comment
      {
        "$schema": "policy.schema.json", /* comment */ "version": 1, "mode": "observe",
        "approved": {"file": "//etc//mcp.json/",
          "sha256": "747EC7e771a41218eaae84bb5941afcb2d5ca61d471cbdc2d1eea399d5011733",},
        "homes": ["/home/*", "/srv/homes/u*", "/root"],
        "targets": [
          {"name": "a", "path": "~/x//y", "client": "kiro", "mode": "enforce"},
          {"name": "b", "path": "/x/y", "client": "kiro"},
          {"name": "c", "path": "/z/y", "client": "kiro"},
        ],
        "access": "link", "tolerate": [], "ledger": {"retention_days": 3650,},
        "sweep_seconds": 86400, "metrics_file": "/m//x.prom/",
        "whitelist": [{"server": "s", "tier": 2, "users": ["u"], "groups": ["g", "h"]},],
      }
      """)
    #expect(policy.mode == .observe)
    #expect(policy.approvedFile == "/etc/mcp.json")
    #expect(
      policy.approvedPin?.hexadecimal
        == "747ec7e771a41218eaae84bb5941afcb2d5ca61d471cbdc2d1eea399d5011733")
    #expect(policy.homes == ["/home/*", "/srv/homes/u*", "/root"])
    #expect(policy.targets.map(\.mode) == [.enforce, .observe, .observe])
    #expect(policy.targets[0].path == .home(["x", "y"]))
    #expect(policy.central?.name == "b")
    #expect(policy.access == .link)
    #expect(policy.tolerate == [])
    #expect(policy.sweepSeconds == 86400)
    #expect(policy.metricsFile == "/m/x.prom")
    #expect(policy.ledgerRetentionDays == 3650)
    let rule = try #require(policy.whitelist.rules.first)
    #expect(rule.users == ["u"] && rule.groups == ["g", "h"])
    #expect(rule.place == "policy.json:14")
  }

  @Test func everyToleranceHasItsWord() throws {
    for word in ["formatting", "disabled", "narrower-approvals", "missing-servers"] {
      let policy = try policy(
        """
        {"version":1,"approved":{"file":"/a/b"},"whitelist":[],"tolerate":["\(word)"],
         "targets":[{"name":"n","path":"~/.m","client":"kiro"}]}
        """)
      #expect(policy.tolerate.map(\.rawValue) == [word])
    }
  }
}
