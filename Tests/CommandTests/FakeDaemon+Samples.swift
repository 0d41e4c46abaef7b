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
    "findings": [finding],
  ]
}
