import Baseline
import Control
import Enforcement
import Incidents
import Linux
import MCPConfig
import Policy

/// What comes into force reaches every target before the caller has its answer.
extension Daemon {
  /// Looks at every target, tells the caller how far it is, and answers with what came of it.
  /// - Parameter members: what else the answer holds.
  func rollOut(_ call: ControlCall, _ members: [(String, JSON)] = []) {
    // Without a baseline there is nothing to put anywhere.
    guard enforcer.isProvisioned else {
      return call.responder.reply(.object(members + SweepResult().rollout))
    }
    let responder = call.responder
    var told = 0
    let progress = { (result: SweepResult) in
      // Twenty replies tell as much as ten thousand.
      guard result.checked * 20 / max(result.total, 1) > told else { return }
      told = result.checked * 20 / max(result.total, 1)
      responder.continueWith(.object(members + result.rollout))
    }
    sweep(progress: progress) { result in
      responder.reply(.object(members + result.rollout))
    }
  }

  /// An earlier run may have been killed before an approval, a revocation or a grant had reached the
  /// targets: what it left of what held before is nobody's drift.
  func applyAtStart() {
    rolledOut = RolloutMark.read(in: stateFolder)
    rolledOutExceptions = ExceptionsMark.read(in: stateFolder)
    if let earlier = earlierPlan() {
      enforcer.apply(earlier, isFirstRollout: configuration.isNew)
    }
    enforcer.apply(plan, isFirstRollout: configuration.isNew || rolledOut == nil)
  }

  /// What the last rollout that ended brought to the targets; nil if that is what holds now.
  private func earlierPlan() -> EnforcementPlan? {
    guard let last = rolledOut else { return nil }
    var policy = plan.policy
    policy.whitelist.exceptions = rolledOutExceptions ?? exceptionsInForce
    guard last == configuration.baseline?.record.number else {
      guard let earlier = try? store.approval(last),
        let copy = try? ApprovedCopy(bytes: earlier.bytes)
      else { return nil }
      return EnforcementPlan(policy: policy, copy: copy)
    }
    let isSame = policy.whitelist.exceptions == exceptionsInForce
    return isSame ? nil : EnforcementPlan(policy: policy, copy: configuration.copy)
  }

  /// A sweep that ended has brought that approval everywhere it can be brought, with the exceptions of
  /// when it began. Without the marks the next start takes longer to blame someone, and nothing else.
  func noteRollout(of number: Int, _ exceptions: Exceptions) {
    // A sweep that began before they changed may end after the one that brought them.
    if rolledOutExceptions != exceptions, exceptions == exceptionsInForce {
      rolledOutExceptions = exceptions
      try? ExceptionsMark.write(exceptions, in: stateFolder)
    }
    if rolledOut != number {
      rolledOut = number
      try? RolloutMark.write(number, in: stateFolder)
    }
  }

  /// Takes revocations and grants into force as they are known now.
  func applyExceptions() {
    generation += 1
    enforcer.apply(plan, isFirstRollout: false)
    metricsOutput.changed()
    tellInventory()
  }

  /// What the daemon knows of revocations and grants, for the judge. A grant holds until it was ended,
  /// which every turn of the loop sees to first: so that one whose time passed while the daemon was
  /// away ends as a rollout, and isn't its user's drift.
  var exceptionsInForce: Exceptions {
    Exceptions(
      revoked: Set(exceptions.revocations.compactMap { $0.details?.server }),
      revokedDigests: Set(
        exceptions.revocations.lazy.filter { $0.details == nil }.map(\.nameSHA256)),
      grants: exceptions.standingGrants.map { grant in
        Exceptions.Grant(
          number: grant.number, server: grant.server, sha256: grant.sha256, user: grant.user,
          uid: grant.uid)
      })
  }

  /// The whitelist with this host's exceptions: what holds for users.
  var whitelistInForce: Whitelist {
    var whitelist = configuration.policy.whitelist
    whitelist.exceptions = exceptionsInForce
    return whitelist
  }

  var plan: EnforcementPlan { plan(of: configuration) }

  /// What a configuration means with this host's exceptions.
  func plan(of configuration: Configuration) -> EnforcementPlan {
    var policy = configuration.policy
    policy.whitelist.exceptions = exceptionsInForce
    return EnforcementPlan(policy: policy, copy: configuration.copy)
  }
}

extension SweepResult {
  /// As replies to changes have it.
  var rollout: [(String, JSON)] {
    let limit = 100
    return [
      ("total", .int(total)), ("checked", .int(checked)), ("restored", .int(restored)),
      ("left", .int(max(drifted - restored - failures.count, 0))), ("failed", .int(failures.count)),
      ("failures", .array(failures.prefix(limit).map { .text($0) })),
    ]
  }
}
