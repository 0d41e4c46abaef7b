import Control
import MCPConfig

extension FakeDaemon {
  static let baseline = #"{"mcpServers":{"git":{"command":"uvx"},"old":{"command":"old-mcp"}}}"#

  static let rollout: [(String, JSON)] = [
    ("total", 4), ("checked", 4), ("restored", 3), ("left", 0), ("failed", 0), ("failures", []),
  ]

  /// What escapes must keep from acting on the terminal.
  static let hostile = "x\u{1B}]0;y\u{7}\u{202E}"

  func handle(_ change: ChangeRequest, _ call: ControlCall) {
    switch change {
    case .reviewApproval(let content, _): call.responder.reply(Self.review(content))
    case .listBaselines:
      call.responder.reply([
        "baselines": [Self.approval(2, note: "monthly \(Self.hostile)"), Self.approval(1)],
        "damaged": [],
      ])
    case .showBaseline(let number):
      call.responder.reply([
        "baseline": Self.approval(number ?? 2), "content": .text(Self.baseline),
      ])
    case .rollback, .reinstate:
      call.responder.reply(.object([("changed", true)] + Self.rollout))
    case .revoke(let server, _):
      let definitions: [JSON] =
        server == "old"
        ? [["sha256": "ab", "command": "old-mcp", "args": ["--token=hunter2hunter2"]]] : []
      call.responder.reply(
        .object(
          [
            ("changed", true), ("users", ["alice"]), ("definitions", .array(definitions)),
          ] + Self.rollout))
    case .listRevocations:
      call.responder.reply([
        "revocations": [
          [
            "server": "old", "name_sha256": "ab", "reason": .text(Self.hostile),
            "revoked_at": "2026-01-31T09:30:00.000000Z", "revoked_by": "root (uid 0)",
          ],
          [
            "server": .null, "name_sha256": "cd", "reason": .null, "revoked_at": .null,
            "revoked_by": .null,
          ],
        ]
      ])
    case .grant, .endGrant:
      call.responder.reply(.object([("grant", Self.grant)] + Self.rollout))
    case .listGrants: call.responder.reply(["grants": [Self.grant]])
    case .requestServer:
      call.responder.reply(["request": Self.request, "changed": true])
    case .listRequests: call.responder.reply(["requests": [Self.request]])
    case .rejectRequest: call.responder.reply(["request": Self.request])
    }
  }

  private static func review(_ content: ByteString) -> JSON {
    let text = content.text
    let refused: [JSON] =
      text.contains("evil")
      ? ["evil", "worse"].map { name in
        [
          "server": .text(name), "rule": "default", "line": 1, "column": 2,
          "reason": "the whitelist doesn't know the server",
        ]
      } : []
    return [
      "canonical_sha256": "ab", "bytes_sha256": "cd", "changed": .bool(text != baseline),
      "refused": .array(refused), "revoked": text.contains("\"old\"") ? ["old"] : [],
      "grants_ended": [], "baseline": .text(baseline),
    ]
  }

  private static func approval(_ number: Int, note: String? = nil) -> JSON {
    [
      "number": .int(number), "bytes_sha256": "cd",
      "canonical_sha256": "747ec7e771a41218eaae84bb5941afcb2d5ca61d471cbdc2d1eea399d5011733",
      "servers": ["git": "ef"], "approved_at": "2026-01-31T09:30:00.000000Z",
      "approved_by": "root (uid 0)", "note": .optional(note),
      "signer": .null, "signer_key": .null, "highest_serial": .null,
      "highest_serial_sha256": .null,
    ]
  }

  private static let grant: JSON = [
    "number": 7, "server": "github", "sha256": "ab", "user": "alice", "uid": 1000,
    "until": "2026-01-31T18:00:00.000000Z", "ticket": "SEC-1", "reason": .text(hostile),
    "granted_at": "2026-01-31T09:30:00.000000Z", "granted_by": "root (uid 0)", "request": .null,
    "ended_at": .null, "ended_by": .null, "end_reason": .null, "applies": true,
  ]

  private static let request: JSON = [
    "number": 3, "server": "github", "user": "alice", "uid": 1000, "reason": .text(hostile),
    "requested_at": "2026-01-31T09:30:00.000000Z", "state": "open", "answered_at": .null,
    "answered_by": .null, "grant": .null, "answer": .null,
  ]
}
