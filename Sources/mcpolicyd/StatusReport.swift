import Baseline
import Control
import Enforcement
import Incidents
import Linux
import MCPConfig
import Policy

extension Daemon {
  var state: String {
    if configuration.copy == nil, configuration.damage == nil { return "unprovisioned" }
    return problems.isEmpty ? "ok" : "degraded"
  }

  /// What keeps the state from being ok.
  var problems: [String] {
    var problems = configuration.allProblems
    problems += exceptions.damages.map { "\($0.file) \($0.reason)" }
    let unwatched = enforcer.counts.unwatched
    if unwatched > 0, enforcer.isProvisioned {
      problems.append("\(unwatched) targets aren't watched; their drift is found by sweeps")
    }
    if !enforcer.blockedUsers.isEmpty {
      problems.append(
        "the homes of \(enforcer.blockedUsers.joined(separator: ", ")) don't answer")
    }
    if incidents.dropped > 0 {
      problems.append("\(incidents.dropped) journal records were dropped")
    }
    problems += lifeProblems
    if let failure = metricsOutput.failure {
      problems.append("metrics can't be written: \(failure)")
    }
    problems += ledgerProblems
    return problems
  }

  /// Varlink's `Status`, which `mcpolicyctl status --json` prints.
  func statusReport(for call: ControlCall) -> JSON {
    let lives = life.state.counts(at: .now)
    let counts = enforcer.counts
    var members: [(String, JSON)] = [
      ("state", .text(state)),
      ("mode", .text(configuration.policy.mode.rawValue)),
      ("generation", .int(generation)),
    ]
    if let record = configuration.baseline?.record {
      members.append(
        (
          "baseline",
          [
            "canonical_sha256": .text(record.canonicalSHA256.hexadecimal),
            "approved_at": .text(record.approvedAt), "approved_by": .text(record.approvedBy),
          ]
        ))
    }
    members += [
      (
        "targets",
        [
          "total": .int(counts.total), "compliant": .int(counts.compliant),
          "drifted": .int(counts.drifted), "unwatched": .int(counts.unwatched),
          "noisy": .int(counts.noisy),
        ]
      ),
      ("users_blocked", .array(enforcer.blockedUsers.map { .text($0) })),
      ("restores", restores),
      (
        "incidents",
        [
          "total": .int(incidents.total), "open": .int(incidents.openCount),
          "by_severity": .object(
            Severity.allCases.reversed().map {
              ($0.rawValue, .int(incidents.bySeverity[$0] ?? 0))
            }),
          "awaiting": .int(lives.awaiting), "acknowledged": .int(lives.acknowledged),
          "overdue": .int(lives.overdue),
        ]
      ),
      ("overdue_incidents", overdueIncidents(for: call)),
      (
        "revoked",
        .array(
          exceptions.revocations.map { revocation in
            revocation.details.map { .bytes($0.server) }
              ?? .text("SHA-256 \(revocation.nameSHA256)")
          })
      ),
      ("problems", .array(problems.map { .text($0) })),
      ("version", .text(ServiceInfo.mcpolicyd.version)),
      ("since", .text(started.rfc3339)),
      ("policy_read", .text(policyRead.rfc3339)),
      ("last_sweep", .optional(lastSweep?.rfc3339)),
      ("failed_reloads", .int(failedReloads)),
      ("reload_failure", .optional(reloadFailure?.description)),
    ]
    return .object(members)
  }

  private var restores: JSON {
    let latencies = enforcer.latencies
    func percentile(_ share: Double) -> JSON {
      latencies.percentile(share).map { .int($0) } ?? .null
    }
    return [
      "total": .int(enforcer.restoreCount), "failed": .int(enforcer.failureCount),
      "latency_usec": [
        "p50": percentile(0.5), "p95": percentile(0.95), "p99": percentile(0.99),
        "max": latencies.count > 0 ? .int(latencies.max) : .null,
      ],
    ]
  }

  /// One line for `systemctl status`.
  var statusLine: String {
    let counts = enforcer.counts
    return
      "\(state), \(counts.compliant) of \(counts.total) targets compliant, \(enforcer.restoreCount) restores"
  }
}

extension TargetSummary {
  /// As the control socket and `--json` show it.
  var json: JSON {
    [
      "name": .text(name), "path": .text(path), "user": .optional(user?.name),
      "uid": .int(user?.uid ?? 0), "client": .text(client.rawValue), "mode": .text(mode.rawValue),
      "state": .text(state.rawValue), "watched": .bool(isWatched),
      "noisy": .bool(isNoisy),
      "findings": .array(findings.map(\.json)),
    ]
  }
}
