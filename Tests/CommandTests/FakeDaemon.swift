import Control
import Linux
import MCPConfig

/// Answers every verb with something that has all members the interface names.
final class FakeDaemon: ControlService {
  /// A watcher gets these, and then the connection ends as the daemon's stop would end it.
  static let incidents: [JSON] = [
    incident("i-1", "high", "restored", user: "alice", latency: 140),
    incident("i-2", "critical", "failed", user: nil, latency: nil),
  ]

  /// How many calls responded by a filter.
  var responses = 0

  func handle(_ call: ControlCall) {
    switch call.request {
    case .status: call.responder.reply(Self.status)
    case .listTargets: call.responder.reply(["targets": .array(Self.targets)])
    case .listIncidents(let query):
      let found = Self.incidents.reversed().filter { incident in
        (query.target == nil || incident["target"]?.string == query.target)
          && (query.user == nil || incident["user"]?.string == query.user)
      }
      call.responder.reply(["incidents": .array(Array(found.prefix(query.limit ?? .max)))])
    case .watchIncidents:
      for incident in Self.incidents { call.responder.continueWith(["incident": incident]) }
      call.responder.continueWith(["step": Self.step])
      call.responder.fail(.failed("stopping"))
    case .sweep:
      call.responder.reply([
        "checked": 3, "drifted": 1, "restored": 0, "failed": 0, "duration_usec": 1234,
      ])
    case .approve(let content, let note, _): call.responder.reply(approved(content, note))
    case .rights: call.responder.reply(["uid": 0, "role": "admin", "verbs": []])
    case .change(let change): handle(change, call)
    case .tryReload: call.responder.reply(Self.dryRun)
    case .getIncident(let id):
      call.responder.reply([
        "incident": Self.traced["id"]?.string == id ? Self.traced : .null,
        "life": id == "1769851800123456-9" ? Self.life : .null,
      ])
    case .respond(let response): respond(response, call)
    case .metrics(let format):
      call.responder.reply([
        "content_type": .text(format.contentType), "text": .text("# \(format.rawValue)\n"),
      ])
    case .readLedger(let since):
      call.responder.continueWith(["lines": ["{\"seq\": 1}", .bytes(since ?? "all")]])
      call.responder.reply(["lines": []])
    case .reload:
      call.responder.fail(
        .invalid(Complaint("unknown key \"mod\"", file: "policy.json", line: 4, column: 3)))
    }
  }

  /// The note `fail` makes a target fail.
  private func approved(_ content: ByteString, _ note: ByteString?) -> JSON {
    let failures: [JSON] = note == "fail" ? ["/home/bob/mcp.json: Read-only file system"] : []
    return [
      "canonical_sha256": .text(
        (try? JSON(parsing: content.bytes).canonicalSHA256.hexadecimal) ?? ""),
      "bytes_sha256": .text(SHA256Digest(of: content.bytes).hexadecimal), "changed": true,
      "total": 3, "checked": 3, "restored": 2, "left": 0, "failed": .int(failures.count),
      "failures": .array(failures),
    ]
  }

  static let status: JSON = [
    "state": "degraded", "mode": "enforce", "generation": 3,
    "baseline": [
      "canonical_sha256": "747ec7e771a41218eaae84bb5941afcb2d5ca61d471cbdc2d1eea399d5011733",
      "approved_at": "2026-01-30T08:00:00.000000Z", "approved_by": "root",
    ],
    "targets": ["total": 3, "compliant": 1, "drifted": 1, "unwatched": 1],
    "restores": [
      "total": 12, "failed": 1,
      "latency_usec": ["p50": 140, "p95": 420, "p99": 1900, "max": 12000],
    ],
    "incidents": [
      "total": 13, "open": 1,
      "by_severity": ["critical": 1, "high": 11, "medium": 1, "low": 0],
      "awaiting": 4, "acknowledged": 2, "overdue": 1,
    ],
    "overdue_incidents": [
      [
        "id": "1769851800123456-7", "severity": "high", "kinds": ["unauthorized-server"],
        "target": "kiro", "user": "al\u{1B}ice", "respond_by": "2026-01-31T09:30:00.123456Z",
        "escalation": "ciso",
      ]
    ],
    "users_blocked": ["bob"], "problems": ["no inotify watch left: 1 target is only swept"],
    "version": "1.2.3", "since": "2026-01-30T07:59:00.000000Z",
  ]

  static let targets: [JSON] = [
    [
      "name": "central", "path": "/etc/kiro/mcp.json", "uid": 0, "client": "kiro",
      "mode": "enforce", "state": "compliant", "watched": true, "findings": [],
    ],
    [
      "name": "kiro", "path": "/home/alice/.kiro/settings/mcp.json", "user": "alice", "uid": 1000,
      "client": "kiro", "mode": "observe", "state": "drifted", "watched": true,
      "findings": [finding],
    ],
    [
      "name": "kiro", "path": "/home/b\u{1B}[2Job/.kiro/settings/mcp.json", "user": "bob",
      "uid": 1001, "client": "kiro", "mode": "enforce", "state": "unreachable", "watched": false,
      "findings": [],
    ],
  ]

  static let finding: JSON = [
    "kind": "unauthorized-server", "severity": "high", "server": "evil\u{1B}]0;x\u{7}\u{202E}",
    "rule": "default", "message": "Server \"evil\" isn't in the whitelist.",
  ]

  private static func incident(
    _ id: String, _ severity: String, _ action: String, user: String?, latency: Int?
  ) -> JSON {
    var members: [(String, JSON)] = [
      ("id", .text(id)), ("discovered_at", "2026-01-31T09:30:00.123456Z"),
      ("respond_by", "2026-01-31T10:30:00.123456Z"),
      ("target", user == nil ? "central" : "kiro"), ("path", "/home/alice/.kiro/settings/mcp.json"),
      ("uid", 1000), ("severity", .text(severity)), ("action", .text(action)),
      ("mode", "enforce"), ("generation", 3), ("count", 1),
      (
        "sha256_found",
        "0fc79fd2b5627db04cede75ea6783b76967218a2e001cc12090e79f73e9bf376"
      ),
      ("findings", [finding, finding]),
    ]
    if let user { members.append(("user", .text(user))) }
    members.append(("state", "open"))
    if severity == "critical" { members.append(("escalation", "team-lead")) }
    if let latency { members.append(("latency_usec", .int(latency))) }
    return .object(members)
  }
}
