import Control
import MCPConfig

extension FakeDaemon {
  /// What a reload would do.
  static let dryRun: JSON = [
    "generation": 4, "mode": "enforce", "adopts": true, "checked": 3, "would_restore": 1,
    "would_report": 0, "would_fail": 1, "rollouts": 1, "released": 1,
    "by_kind": ["missing-file": 1, "unauthorized-server": 1], "complete": false,
    "problems": ["the approved configuration can't be read"],
    "changes": [
      [
        "target": "kiro", "path": "/home/alice/.kiro/settings/mcp.json", "user": "alice",
        "uid": 1000, "step": "restore", "reason": "rollout", "findings": [finding],
      ],
      [
        "target": "kiro", "path": "/home/bob/.kiro/settings/mcp.json", "user": "bob", "uid": 1001,
        "step": "fail", "reason": "drift", "error": "rename: Device or resource busy",
        "findings": [],
      ],
    ],
  ]

  /// An incident with all that can be told of one.
  static let traced: JSON = [
    "id": "1769851800123456-7", "discovered_at": "2026-01-31T09:30:00.123456Z",
    "respond_by": "2026-01-31T10:30:00.123456Z", "target": "kiro",
    "path": "/home/alice/.kiro/settings/mcp.json", "user": "alice", "uid": 1000,
    "severity": "high", "action": "restored", "mode": "enforce", "generation": 3,
    "latency_usec": 140, "count": 2,
    "sha256_expected": "747ec7e771a41218eaae84bb5941afcb2d5ca61d471cbdc2d1eea399d5011733",
    "sha256_found": "0fc79fd2b5627db04cede75ea6783b76967218a2e001cc12090e79f73e9bf376",
    "evidence": "0fc79fd2b5627db04cede75ea6783b76967218a2e001cc12090e79f73e9bf376",
    "findings": [finding], "state": "acknowledged",
    "acknowledged_at": "2026-01-31T09:31:00.000000Z",
    "acknowledged_by": "carol (uid 1002)", "acknowledged_note": "looking\u{1B}[2J",
    "overdue_at": "2026-01-31T09:30:30.000000Z", "escalation": .null,
  ]

  /// What became of an incident that only the journal has.
  static let life: JSON = ["state": "resolved", "resolved_at": "2026-01-31T09:32:00.000000Z"]

  static let step: JSON = [
    "step": "overdue", "at": "2026-01-31T09:32:00.000000Z", "incident": "1769851800123456-7",
    "by": .null, "note": .null, "level": "ciso", "severity": "high",
    "kinds": ["unauthorized-server"], "target": "kiro", "user": "alice", "uid": 1000,
  ]

  /// Two of three that a filter means are left for another call; the id `1-1` is known.
  func respond(_ response: IncidentResponse, _ call: ControlCall) {
    let isLast = response.note == "last"
    switch response.subject {
    case .ids(let ids):
      call.responder.reply([
        "changed": .array(ids.filter { $0 != "1-1" }.map { .bytes($0) }),
        "unchanged": .array(ids.filter { $0 == "1-1" }.map { .bytes($0) }), "left": 0,
        "not_stored": response.note == "full" ? "write: No space left on device" : .null,
      ])
    case .matching(let user, let kind):
      guard user == "alice", kind == "server-drift" || isLast else {
        return call.responder.fail(.failed("another filter: \(user as Any) \(kind as Any)"))
      }
      responses += 1
      call.responder.reply([
        "changed": [.text("1-\(responses + 1)")], "unchanged": [],
        "left": .int(responses < 3 ? 3 - responses : 0), "not_stored": .null,
      ])
    }
  }
}
