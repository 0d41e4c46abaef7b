import Baseline
import Incidents
import Linux
import MCPConfig
import Policy

/// The approved file as deployed, while the daemon runs: one that is signed is adopted when it appears.
extension Daemon {
  func followApproved() {
    approvedWatch.follow(configuration.policy, paths)
  }

  /// Called on every turn of the loop.
  func watchApproved(at now: MonotonicTime) {
    if let due = refusalClock.due, due <= now { return lookAtApproved(at: now) }
    guard let due = approvedWatch.due, due <= now, approvedWatch.looks() else { return }
    lookAtApproved(at: now)
  }

  var nextApprovedDeadline: MonotonicTime? {
    [approvedWatch.due, refusalClock.due].compactMap { $0 }.min()
  }

  /// Only what the policy in force says of the file counts: a policy that was edited and not yet reloaded
  /// is none.
  private func lookAtApproved(at now: MonotonicTime) {
    let found: Configuration
    do throws(SystemError) {
      found = try reader.configuration(configuration.policy, store)
    } catch {
      approvedWatch.forget()
      refusalClock.clear()
      return tellProblem("the approved configuration could not be adopted: \(error)")
    }
    if found.adoption != nil {
      adopt(found)
      auditAdoption()
      return
    }
    // Of a store that was damaged meanwhile, a reload or a start tells.
    guard found.damage == nil else { return refusalClock.clear() }
    for problem in found.problems where !configuration.problems.contains(problem) {
      tellProblem(problem)
    }
    configuration.problems = found.problems
    configuration.refused = found.refused
    judgeRefusal(at: now)
  }

  private func tellProblem(_ problem: String) {
    incidents.send(
      JournalRecord(messageID: MessageID.policyRefused, priority: 4, message: problem))
  }

  // MARK: Refused signatures

  /// Makes an incident of a signature that approves nothing, once it is sure that it isn't half a
  /// deployment.
  func judgeRefusal(at now: MonotonicTime = .now) {
    let path = paths.below(configuration.policy.approvedFile).text
    guard let refused = configuration.refused else {
      refusalClock.clear()
      return incidents.settled(path: path)
    }
    guard refusalClock.tells(refused, at: now, .now) else { return }
    metricsOutput.changed()
    incidents.append(
      Incident(
        discoveredAt: .now, target: "approved", path: path, user: nil,
        findings: [
          Finding(
            .baselineTampered, field: "signature", rule: refused.refusal.rule,
            "The signature of the approved configuration is refused: \(refused.refusal.reason). "
              + "What was approved before stays in force.")
        ],
        action: .reported, mode: configuration.policy.mode, generation: generation,
        expected: configuration.baseline?.record.bytesSHA256, found: refused.pair.content))
  }
}

extension Configuration {
  /// What an operator should mend, a refused signature included.
  var allProblems: [String] {
    guard let refused else { return problems }
    let name = DeployedApproval.signaturePath(policy.approvedFile)
    return problems + ["\(name) is refused: \(refused.refusal.reason)"]
  }
}
