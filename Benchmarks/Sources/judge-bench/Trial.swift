import MCPConfig
import Policy

/// An approved configuration, and bytes to hold against it.
struct Pair {
  var approved: [UInt8]
  var found: [UInt8]
}

/// All that a verdict needs, made before the clock runs.
struct Trial: Sendable {
  private let observation: Observation
  private let expectation: Expectation

  init(_ pair: Pair) {
    observation = .regular(
      ObservedFile(bytes: pair.found, uid: 0, gid: 0, permissions: 0o444, links: 1))
    expectation = Expectation(
      copy: try! ApprovedCopy(bytes: pair.approved), form: .readOnly(uid: 0),
      user: UserIdentity(uid: 1000, name: "alice", groups: ["alice", "platform"]),
      client: .kiro, whitelist: Self.whitelist, tolerate: [.formatting, .disabled])
  }

  func countFindings() -> Int { judge(observation, against: expectation).findings.count }

  /// One of each tier and a pattern: what no entry names is looked for in all of them.
  private static let whitelist: Whitelist = {
    let text = """
      {"version": 1, "approved": {"file": "/a"}, "targets": [
        {"name": "kiro", "path": "~/.kiro/settings/mcp.json", "client": "kiro"}], "whitelist": [
        {"server": "docs", "tier": 1}, {"server": "git", "tier": 1},
        {"server": "cloud", "tier": 2, "groups": ["platform"]},
        {"server": "web-*", "tier": 3}, {"server": "*a*a*b", "tier": 3}]}
      """
    return try! Policy(parsing: Array(text.utf8), file: "policy.json").whitelist
  }()
}
