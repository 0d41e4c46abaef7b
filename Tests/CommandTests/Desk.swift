import MCPConfig
import Testing

@testable import mcpolicyctl

/// A folder with a policy, what it approves, and a file to judge.
final class Desk {
  let bench = Bench()
  let folder: TemporaryFolder
  let policy: String
  let approved: String

  static let approvedText = """
    {
      "mcpServers": {
        "git": {
          "command": "/usr/bin/uvx",
          "args": ["mcp-server-git==1.2.3"],
          "env": {"LEVEL": "info"},
          "autoApprove": ["log", "diff"]
        },
        "docs": {"url": "https://docs.example/mcp"}
      }
    }
    """

  init(mode: String = "enforce", access: String = "read-only") throws {
    folder = try TemporaryFolder()
    approved = try folder.file("approved.json", Self.approvedText)
    policy = try folder.file(
      "policy.json",
      """
      {"version": 1, "mode": "\(mode)", "access": "\(access)", "approved": {"file": "\(approved)"},
       "targets": [{"name": "central", "path": "/etc/kiro/mcp.json", "client": "kiro"}],
       "whitelist": [
        {"server": "git", "tier": 1},
        {"server": "docs", "tier": 1},
        {"server": "web-search", "tier": 3}
       ]}
      """)
  }

  /// Runs a verb on a file of that text.
  func run(_ verb: String, _ text: String, _ arguments: String...) throws -> Outcome {
    let file = try folder.file("mcp.json", text)
    return bench.run([verb, "--policy", policy] + arguments + [file])
  }

  /// The approved text with one part replaced.
  func text(_ part: String, _ other: String) -> String {
    let text = Array(Self.approvedText.utf8)
    guard let range = text.firstRange(of: Array(part.utf8)) else { return Self.approvedText }
    return String(
      decoding: text[..<range.lowerBound] + Array(other.utf8) + text[range.upperBound...],
      as: UTF8.self)
  }
}
