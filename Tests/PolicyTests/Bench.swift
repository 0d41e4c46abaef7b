import MCPConfig
import Policy

extension UserIdentity {
  static let alice = UserIdentity(uid: 1000, name: "alice", groups: ["alice", "staff"])
  static let bob = UserIdentity(uid: 1001, name: "bob", groups: ["bob", "platform"])
}

extension Set<Policy.Tolerance> {
  static let all = Set(Policy.Tolerance.allCases)
}

/// A judge with everything it needs, each part to be changed by a test.
struct Bench {
  /// The whitelist's entries start on line 5 of this file.
  static let policy = """
    {"version": 1,
     "approved": {"file": "/etc/mcpolicyd/mcp.json"},
     "targets": [{"name": "kiro", "path": "~/.kiro/settings/mcp.json", "client": "kiro"}],
     "whitelist": [
      {"server": "git", "tier": 1},
      {"server": "docs", "tier": 1},
      {"server": "idle", "tier": 1},
      {"server": "github", "tier": 2, "groups": ["platform"]},
      {"server": "db", "tier": 2, "users": ["bob"]},
      {"server": "web-search", "tier": 3},
      {"server": "evil*", "tier": 3}
     ]}
    """

  static let approved = """
    {
      "mcpServers": {
        "git": {
          "command": "uvx",
          "args": ["mcp-server-git", "--repository", "/srv/projects"],
          "env": {"LEVEL": "error", "HOME": "${HOME}"},
          "disabled": false,
          "timeout": 60000,
          "autoApprove": ["git_status", "git_log"],
          "disabledTools": ["git_push"]
        },
        "docs": {
          "url": "https://docs.example/mcp",
          "headers": {"Authorization": "Bearer ${TOKEN}"},
          "oauth": {"scopes": ["read", "list"], "ports": [1, 2.5, null, true]}
        },
        "idle": {"command": "npx", "disabled": true},
        "github": {"command": "gh-mcp"}
      },
      "powers": {"mcpServers": {"git": {"command": "sh"}}, "version": 2},
      "theme": "dark"
    }
    """

  var whitelist: Whitelist
  var copy: ApprovedCopy
  var tolerate: Set<Policy.Tolerance> = []
  var user: UserIdentity? = .bob
  var form = Expectation.Form.userWritable(uid: 1001)

  init(approved: String = Bench.approved) throws {
    copy = try ApprovedCopy(bytes: Array(approved.utf8))
    whitelist = try Policy(parsing: Array(Self.policy.utf8), file: "policy.json").whitelist
  }

  /// Tier 1 for each of them.
  static func whitelist(everyoneMayHave servers: [ByteString]) throws -> Whitelist {
    let policy: JSON = [
      "version": 1, "approved": ["file": "/a"],
      "targets": [["name": "t", "path": "~/m", "client": "kiro"]],
      "whitelist": .array(Set(servers).sorted().map { ["server": .bytes($0), "tier": 1] }),
    ]
    return try Policy(parsing: policy.compactForm, file: "p").whitelist
  }

  var expectation: Expectation {
    Expectation(
      copy: copy.effective(for: user, under: whitelist), form: form, user: user, client: .kiro,
      whitelist: whitelist, tolerate: tolerate)
  }

  func verdict(_ observation: Observation) -> Verdict {
    judge(observation, against: expectation)
  }

  /// The verdict on a file of the right owner and mode.
  func verdict(_ bytes: [UInt8]) -> Verdict {
    verdict(
      .regular(
        ObservedFile(
          bytes: bytes, uid: form.uid ?? 0, gid: 0, permissions: form.permissions, links: 1)))
  }

  func verdict(_ text: String) -> Verdict { verdict(Array(text.utf8)) }
}
