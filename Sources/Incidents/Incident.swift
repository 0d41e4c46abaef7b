import Linux
import MCPConfig
import Policy

/// Drift found at one time at one target, with what was done about it.
public struct Incident: Sendable {
  /// Unique on the host: the time of discovery and a counter. The log gives it.
  public internal(set) var id: String
  public var discoveredAt: WallTime
  public var target: String
  public var path: String
  public var user: UserIdentity?
  /// Worst first; never empty.
  public var findings: [Finding]
  public var action: Action
  public var latencyMicroseconds: Int?
  public var count: Int
  public var mode: Policy.Mode
  /// The generation of the policy that judged.
  public var generation: Int
  public var expected: SHA256Digest?
  public var found: SHA256Digest?
  public var evidence: SHA256Digest?

  public init(
    discoveredAt: WallTime, target: String, path: String, user: UserIdentity?, findings: [Finding],
    action: Action, mode: Policy.Mode, generation: Int, latencyMicroseconds: Int? = nil,
    expected: SHA256Digest? = nil, found: SHA256Digest? = nil, evidence: SHA256Digest? = nil
  ) {
    id = ""
    count = 1
    self.discoveredAt = discoveredAt
    self.target = target
    self.path = path
    self.user = user
    self.findings = findings
    self.action = action
    self.mode = mode
    self.generation = generation
    self.latencyMicroseconds = latencyMicroseconds
    self.expected = expected
    self.found = found
    self.evidence = evidence
  }

  public var severity: Severity { findings.map(\.severity).max() ?? .low }

  /// When someone must have responded, by the severity's class.
  public var respondBy: WallTime {
    discoveredAt.advanced(byMinutes: severity.respondWithinMinutes)
  }

  /// Whether the drift still stands.
  public var isOpen: Bool { action != .restored }

  /// What the worst finding is; the others of one drift explain it.
  var leading: Finding { findings[0] }
}

extension Incident {
  /// As the control socket and `--json` show it.
  public var json: JSON {
    [
      "id": .text(id),
      "discovered_at": .text(discoveredAt.rfc3339),
      "respond_by": .text(respondBy.rfc3339),
      "target": .text(target),
      "path": .text(path),
      "user": .optional(user?.name),
      "uid": .int(user?.uid ?? 0),
      "severity": .text(severity.rawValue),
      "action": .text(action.rawValue),
      "mode": .text(mode.rawValue),
      "generation": .int(generation),
      "latency_usec": latencyMicroseconds.map { .int($0) } ?? .null,
      "count": .int(count),
      "sha256_expected": .optional(expected?.hexadecimal),
      "sha256_found": .optional(found?.hexadecimal),
      "evidence": .optional(evidence?.hexadecimal),
      "findings": .array(findings.map(\.json)),
    ]
  }
}

extension Finding {
  /// As the control socket and `--json` show it.
  public var json: JSON {
    [
      "kind": .text(kind.rawValue),
      "severity": .text(severity.rawValue),
      "server": server.map { .bytes($0) } ?? .null,
      "field": .optional(field),
      "rule": .text(rule),
      "message": .text(message),
    ]
  }
}
