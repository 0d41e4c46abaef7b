import Baseline
import Control
import Enforcement
import Incidents
import Linux
import MCPConfig
import Policy

/// What enforcement finds becomes an incident.
extension Daemon: EnforcementSink {
  func found(_ drift: Drift) -> String {
    metricsOutput.changed()
    return incidents.append(
      Incident(
        discoveredAt: drift.discovered, target: drift.target.name, path: drift.target.path,
        user: drift.target.user, findings: drift.findings, action: drift.action,
        mode: drift.target.mode, generation: generation,
        latencyMicroseconds: drift.latencyMicroseconds, expected: drift.expected,
        found: drift.found, evidence: drift.evidence))
  }

  func settled(_ path: String) {
    incidents.settled(path: path)
    metricsOutput.changed()
  }

  func calmed(_ path: String) {
    incidents.calmed(path: path)
  }

  func degraded(_ finding: Finding, path: String) {
    degrade(finding, target: "host", path: path)
  }

  func degrade(_ finding: Finding, target: String, path: String) {
    incidents.append(
      Incident(
        discoveredAt: .now, target: target, path: path, user: nil, findings: [finding],
        action: .reported, mode: configuration.policy.mode, generation: generation))
  }

  func announce() {
    let paths = configuration.policy.targets.map(\.name).joined(separator: ", ")
    incidents.send(
      JournalRecord(
        messageID: MessageID.daemonStarted, priority: 6,
        message:
          "mcpolicyd \(ServiceInfo.mcpolicyd.version) keeps \(paths) (\(configuration.policy.mode.rawValue)).",
        extra: [("GENERATION", String(generation)), ("MODE", configuration.policy.mode.rawValue)]))
    auditAdoption()
    announceProblems()
    announceLifeDamage()
    tellUntold()
  }

  func announceProblems() {
    for damage in exceptions.damages {
      degrade(
        Finding(
          .baselineTampered, field: damage.file,
          "What was decided on this host can't be read: \(damage.file) \(damage.reason)."),
        target: "exceptions", path: self.paths.exceptions.text)
    }
    if let damage = configuration.mended {
      degrade(
        Finding(
          .baselineTampered, field: damage.file,
          "The baseline store wasn't what was approved: \(damage.file) \(damage.reason). "
            + "The deployed file, which the policy lets in, took its place."),
        target: "baseline", path: self.paths.baseline.text)
    }
    if let damage = configuration.damage {
      degrade(
        Finding(
          .baselineTampered, field: damage.file,
          "The baseline store isn't what was approved: \(damage.file) \(damage.reason). "
            + "Nothing is enforced until the configuration is approved anew."),
        target: "baseline", path: self.paths.baseline.text)
    } else if configuration.copy == nil {
      incidents.send(
        JournalRecord(
          messageID: MessageID.daemonUnprovisioned, priority: 4,
          message:
            "Unprovisioned: nothing was approved yet, so nothing is judged and nothing touched. "
            + "Run: mcpolicyctl approve \(configuration.policy.approvedFile)"))
    }
    judgeRefusal()
    for problem in configuration.problems where configuration.damage == nil {
      incidents.send(
        JournalRecord(messageID: MessageID.policyRefused, priority: 4, message: problem))
    }
  }
}
