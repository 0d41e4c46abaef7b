import MCPConfig

/// What happens to files as they are: one KiB, four servers.
struct TypicalWork: Sendable {
  var name: String
  var run: @Sendable () -> Int

  static let approved = Array(
    """
    {
      "mcpServers": {
        "docs": {
          "command": "uvx",
          "args": ["example.documentation-mcp-server@1.4.2"],
          "disabled": false,
          "autoApprove": ["search_documentation", "read_documentation"]
        },
        "git": {
          "command": "uvx",
          "args": ["mcp-server-git==2025.9.25", "--repository", "/srv/projects/service"],
          "env": {"GIT_CONFIG_NOSYSTEM": "1", "LANG": "C.UTF-8"},
          "disabled": false,
          "autoApprove": [],
          "disabledTools": ["git_push", "git_force_push"]
        },
        "files": {
          "command": "npx",
          "args": ["-y", "@example/server-filesystem@2025.8.21", "/srv/projects"],
          "disabled": true,
          "autoApprove": [],
          "disabledTools": ["delete_file", "move_file"]
        },
        "cloud": {
          "url": "https://mcp.cloud.example/v1/mcp",
          "headers": {"Authorization": "Bearer ${CLOUD_TOKEN}", "X-Team": "platform"},
          "timeout": 60000,
          "disabled": false,
          "autoApprove": ["list_clusters"]
        }
      }
    }

    """.utf8)

  static let all: [TypicalWork] = {
    let text = String(decoding: approved, as: UTF8.self)
    let root = try! JSON(parsing: approved)
    let judged: [(String, [UInt8])] = [
      ("identical bytes", approved),
      ("reformatted", root.compactForm),
      ("one argument changed", Array(text.replacing("2025.9.25", with: "2025.9.26").utf8)),
      (
        "switched off",
        Array(text.replacing("\"disabled\": false", with: "\"disabled\": true").utf8)
      ),
      ("a server added", Array(text.replacing("\"git\": {", with: "\"x\": {}, \"git\": {").utf8)),
      ("unreadable", Array(text.utf8.dropLast(3))),
    ]
    let verdicts = judged.map { name, found in
      let trial = Trial(Pair(approved: approved, found: found))
      return TypicalWork(name: name, run: trial.countFindings)
    }
    return verdicts + [
      TypicalWork(name: "digest of the bytes") { SHA256Digest(of: approved).hashValue & 1 },
      TypicalWork(name: "canonical digest, from bytes") {
        ((try? JSON(parsing: approved))?.canonicalSHA256).hashValue & 1
      },
    ]
  }()
}
