import Glibc
import Linux
import MCPConfig
import Metrics
import Policy

/// What comes of a look: a target's new state, an incident, a retry.
extension Enforcer {
  private static let lookAgainSeconds = 0.0005

  /// Takes over what a look came to.
  func take(
    _ result: TargetCheck.Result, _ target: Target, since: MonotonicTime, finished: MonotonicTime
  ) {
    setFolders(result.folders, of: target)
    target.wayStands =
      result.folders.count == target.spec.components.count - 1 && !target.wayTouchedInFlight
    target.wayTouchedInFlight = false
    target.stamp = result.stamp
    if let refused = result.watchRefused { degradedOnce(refused, path: target.path) }
    target.isNew = false
    if result.isSearched == true { target.mayHaveLeftovers = false }
    // A restore that failed may have left its own stage.
    if case .failed = result.outcome { target.mayHaveLeftovers = true }
    for rejected in result.leftovers { dispose(ofLeftover: rejected, of: target.path, target) }
    releaseLeftovers(target)
    var outcome: SweepOutcome?
    switch result.outcome {
    case .homeless:
      // Gone, or a mount now: what is there decides. If it is there as it was, what kept the look from
      // it is over, or soon may be.
      reviewHome(of: target)
      if targets[target.id] === target {
        retries[target.id] = MonotonicTime.now.advanced(bySeconds: target.nextHomelessRetry())
      }
      for index in sweeps.indices { sweeps[index].finished(target.id, nil) }
      return endSweeps()
    case .compliant:
      target.homelessLooks = 0
      if target.state != .compliant, target.spec.kind.isShared { refill(target) }
      target.state = .compliant
      target.findings = []
      if target.tracker.hasSaid { sink.settled(target.path) }
      target.tracker.compliant()
      outcome = .compliant
    case .large:
      markDirty(target.id, at: .now)
    case .unfinished(let verdict):
      target.show(verdict)
      follow(target.tracker.unfinished(), target, verdict, result, nil)
    case .drifted(let verdict):
      target.show(verdict)
      // What was never rolled out isn't the user's drift.
      if !result.isRollout {
        follow(target.tracker.observed(verdict.findings), target, verdict, result, nil)
      }
      outcome = .drifted
    case .restored(let verdict, let rejected):
      // A timer's look says nothing of how long the drift stood.
      let latency =
        target.brake.isNoisy ? nil : max(finished.microseconds(since: since), 0)
      if !result.isRollout {
        restoreCount += 1
        if let latency {
          latencies.record(latency)
          restoreTimes.record(latency)
        }
      }
      target.state = .compliant
      target.findings = []
      // Folders just made have no watch yet, and a race may have been lost: look again.
      if !target.wayStands { markDirty(target.id, at: .now) }
      if let rejected, let latency, !result.isRollout, mayComeLater(verdict, result.observed) {
        target.tracker.compliant()
        review(target, verdict, rejected, result.observed, latency)
        refill(target)
      } else {
        var result = result
        result.isEvidenceKept = keepsEvidence(target, at: finished)
        let incident = follow(target.tracker.restored(), target, verdict, result, latency)
        clearAway(rejected, result, target, incident)
      }
      outcome = .restored
    case .failed(let verdict, let error) where error.errno == EINPROGRESS:
      target.show(verdict)
      retries[target.id] = MonotonicTime.now.advanced(bySeconds: Self.accountsRetry)
    case .failed(let verdict, let error)
    where error.errno == EAGAIN && target.tracker.mayLookAgain():
      // The way changed between the look and the restore: look again.
      target.touchWay()
      target.show(verdict)
      retries[target.id] = MonotonicTime.now.advanced(bySeconds: Self.lookAgainSeconds)
    case .failed(let verdict, let error):
      target.show(verdict)
      let step = target.tracker.failed(verdict.findings)
      if case .sayAndRetry = step { failureCount += 1 }
      follow(step, target, failure(verdict, error, result), result, nil)
      // A quick retry isn't the end of it: a sweep waits for what comes of it.
      if target.tracker.hasFailed { outcome = .failed("\(target.path): \(error)") }
    }
    if result.isUnreachable { target.state = .unreachable }
    if !result.isPending { target.rollout = nil }
    if let outcome { finishSweeps(target.id, outcome) }
  }

  /// Why drift stays, or why nobody can tell whether there is any.
  private func failure(
    _ verdict: Verdict, _ error: SystemError, _ result: TargetCheck.Result
  ) -> Verdict {
    let finding =
      error.isWant && result.isUnreachable
      ? Finding(
        .watchDegraded, field: error.operation, rule: "default",
        "The daemon can't look at the target: \(error). It will be tried again.")
      : Finding(
        .restoreFailed, field: error.operation,
        "The approved copy could not be put back: \(error). It will be tried again.")
    let others = error.isWant && result.isUnreachable ? [] : verdict.findings
    return Verdict(findings: others + [finding], contentStands: false)
  }

  /// Does what the step asks for; returns the id of the incident if one was told.
  @discardableResult
  private func follow(
    _ step: DriftTracker.Step, _ target: Target, _ verdict: Verdict, _ result: TargetCheck.Result,
    _ latency: Int?
  ) -> String? {
    switch step {
    case .nothing: return nil
    case .say(let action): return say(action, target, verdict, result, latency)
    case .retry(let seconds):
      retries[target.id] = MonotonicTime.now.advanced(bySeconds: seconds)
      return nil
    case .sayAndRetry(let action, let seconds):
      retries[target.id] = MonotonicTime.now.advanced(bySeconds: seconds)
      return say(action, target, verdict, result, latency)
    }
  }

  private func say(
    _ action: Action, _ target: Target, _ verdict: Verdict, _ result: TargetCheck.Result,
    _ latency: Int?
  ) -> String? {
    if result.isRollout, action != .failed { return nil }
    let copy = target.spec.expectation!.copy
    let found = result.observed.map { SHA256Digest(of: $0) }
    let kept = found ?? result.description.map { SHA256Digest(of: $0) }
    let isKept = action == .restored && kept != copy.sha256 && result.isEvidenceKept
    return sink.found(
      Drift(
        target: target.summary, findings: verdict.findings, action: action,
        latencyMicroseconds: latency, discovered: .now, expected: copy.sha256, found: found,
        evidence: isKept ? kept : nil))
  }
}

extension TargetCheck.Result {
  /// Whether what is approved still has to come to the target for the first time.
  fileprivate var isPending: Bool {
    switch outcome {
    case .unfinished: true
    case .drifted: isRollout
    case .compliant, .homeless, .restored, .failed, .large: false
    }
  }

  var foundDrift: Bool {
    switch outcome {
    case .compliant, .homeless, .large: false
    case .drifted, .restored, .failed, .unfinished: true
    }
  }
}

extension Target {
  fileprivate func show(_ verdict: Verdict) {
    state = .drifted
    findings = verdict.findings
  }
}

extension SystemError {
  /// Whether it tells of what the daemon itself lacks.
  fileprivate var isWant: Bool {
    [EMFILE, ENFILE, ENOMEM].contains(errno)
  }
}
