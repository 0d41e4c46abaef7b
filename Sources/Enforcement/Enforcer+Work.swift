import Glibc
import Linux
import MCPConfig
import Policy

/// Looking at targets, and what comes of it.
extension Enforcer {
  /// Looks at a few of the targets that may have changed; true if more wait.
  public func work(now: MonotonicTime) -> Bool {
    workOnReviews(now: now)
    if !sweeps.isEmpty { endLateSweeps(now: now) }
    for (id, time) in retries where time <= now {
      retries[id] = nil
      dirty.mark(id, at: now)
    }
    for _ in 0..<64 {
      guard let mark = dirty.next() else { return false }
      if let target = targets[mark.target] { check(target, since: mark.since) }
    }
    return !dirty.isEmpty
  }

  private static let lookAgainSeconds = 0.0005

  private func check(_ target: Target, since: MonotonicTime) {
    guard let expectation = target.spec.expectation else { return }
    // What changed while a worker has it is looked at when the worker is back.
    if target.isInFlight {
      retries[target.id] = MonotonicTime.now.advanced(bySeconds: 0.005)
      return
    }
    // A writer in place empties the file first. What it may keep, or no one undoes, is left to it
    // until it is done.
    let isWritable = if case .userWritable = expectation.form { true } else { false }
    let mayWait = isWritable || target.spec.rule.mode == .observe
    let check = TargetCheck(
      spec: target.spec, expectation: expectation, adder: watcher.adder, known: target.folders,
      wayStands: target.wayStands, stamp: target.stamp,
      mayBeUnfinished: mayWait && target.tracker.mayBeUnfinished, rollout: target.rollout)
    if target.spec.isInline {
      finish(target, check.run(restore: restorer(target)), since: since, finished: .now)
    } else {
      target.isInFlight = homeWorkers.send(check, target.id, since: since)
    }
  }

  /// Takes what the home workers found.
  public func handleWorkerResults() {
    for done in homeWorkers.takeResults() {
      switch done {
      case .probed(let name, let anchor, let entry): probed(name, anchor, entry)
      case .checked(let id, let since, let finished, let result):
        checked(id, since, finished, result)
      }
    }
    if !homeWorkers.isBusy { strays = [] }
  }

  private func checked(
    _ id: TargetID, _ since: MonotonicTime, _ finished: MonotonicTime, _ result: TargetCheck.Result
  ) {
    guard let target = targets[id] else { return forgetUnheard(result.folders) }
    target.isInFlight = false
    finish(target, result, since: since, finished: finished)
    for folder in target.folders {
      guard let watch = folder.watch, strays.contains(watch) else { continue }
      target.touchWay()
      markDirty(id, at: .now)
    }
  }

  /// Watches that a worker added for a target that is gone.
  private func forgetUnheard(_ folders: [WatchedFolder]) {
    for watch in folders.compactMap(\.watch) where watches[watch] == nil { watcher.forget(watch) }
  }

  private func finish(
    _ target: Target, _ result: TargetCheck.Result, since: MonotonicTime, finished: MonotonicTime
  ) {
    setFolders(result.folders, of: target)
    target.wayStands =
      result.folders.count == target.spec.components.count - 1 && !target.wayTouchedInFlight
    target.wayTouchedInFlight = false
    target.stamp = result.stamp
    if let refused = result.watchRefused { degradedOnce(refused, path: target.spec.path) }
    var outcome: SweepOutcome?
    switch result.outcome {
    case .homeless:
      // Gone, or a mount now: what is there decides.
      reviewHome(of: target)
      for index in sweeps.indices { sweeps[index].finished(target.id, nil) }
      return endSweeps()
    case .compliant:
      if target.state != .compliant, target.spec.kind.isShared { refill(target) }
      target.state = .compliant
      target.findings = []
      if target.tracker.hasSaid { sink.settled(target.spec.path) }
      target.tracker.compliant()
      outcome = .compliant
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
      let latency = max(finished.microseconds(since: since), 0)
      if !result.isRollout {
        restoreCount += 1
        latencies.record(latency)
      }
      target.state = .compliant
      target.findings = []
      // Folders just made have no watch yet, and a race may have been lost: look again.
      if !target.wayStands { markDirty(target.id, at: .now) }
      if let rejected, !result.isRollout, mayComeLater(verdict, result.observed) {
        target.tracker.compliant()
        review(target, verdict, rejected, result.observed, latency)
        refill(target)
      } else {
        clearAway(rejected, result.observed, target)
        follow(target.tracker.restored(), target, verdict, result, latency)
      }
      outcome = .restored
    case .failed(let verdict, let error) where error.errno == EINPROGRESS:
      target.show(verdict)
      retries[target.id] = MonotonicTime.now.advanced(bySeconds: Self.accountsRetry)
    case .failed(let verdict, let error) where error.errno == EAGAIN:
      // The way changed between the look and the restore: look again.
      target.touchWay()
      target.show(verdict)
      retries[target.id] = MonotonicTime.now.advanced(bySeconds: Self.lookAgainSeconds)
    case .failed(let verdict, let error):
      target.show(verdict)
      let step = target.tracker.failed(verdict.findings)
      if case .sayAndRetry = step { failureCount += 1 }
      var worse = verdict.findings
      worse.append(
        Finding(
          .restoreFailed, field: error.operation,
          "The approved copy could not be put back: \(error). It will be tried again."))
      follow(step, target, Verdict(findings: worse, contentStands: false), result, nil)
      // A quick retry isn't the end of it: a sweep waits for what comes of it.
      if target.tracker.hasFailed { outcome = .failed("\(target.spec.path): \(error)") }
    }
    if result.isUnreachable { target.state = .unreachable }
    if !result.isPending { target.rollout = nil }
    if let outcome { finishSweeps(target.id, outcome) }
  }

  private func follow(
    _ step: DriftTracker.Step, _ target: Target, _ verdict: Verdict, _ result: TargetCheck.Result,
    _ latency: Int?
  ) {
    func say(_ action: Action) {
      if result.isRollout, action != .failed { return }
      let copy = target.spec.expectation!.copy
      let found = result.observed.map { SHA256Digest(of: $0) }
      let isKept = action == .restored && found != copy.sha256
      sink.found(
        Drift(
          target: target.summary, findings: verdict.findings, action: action,
          latencyMicroseconds: latency, discovered: .now, expected: copy.sha256, found: found,
          evidence: isKept ? found : nil))
    }
    switch step {
    case .nothing: break
    case .say(let action): say(action)
    case .retry(let seconds): retries[target.id] = MonotonicTime.now.advanced(bySeconds: seconds)
    case .sayAndRetry(let action, let seconds):
      say(action)
      retries[target.id] = MonotonicTime.now.advanced(bySeconds: seconds)
    }
  }

  /// Sets which folders a target's way has, and lets go of watches that nobody listens to any more.
  func setFolders(_ folders: [WatchedFolder], of target: Target) {
    for (level, old) in target.folders.enumerated() {
      guard let watch = old.watch else { continue }
      if level < folders.count, folders[level].watch == watch { continue }
      if watches.remove(.target(target.id, level: level), from: watch) { watcher.forget(watch) }
    }
    for (level, new) in folders.enumerated() {
      guard let watch = new.watch else { continue }
      if level < target.folders.count, target.folders[level].watch == watch { continue }
      watches.add(.target(target.id, level: level), to: watch)
    }
    target.folders = folders
  }
}

extension TargetCheck.Result {
  /// Whether what is approved still has to come to the target for the first time.
  fileprivate var isPending: Bool {
    switch outcome {
    case .unfinished: true
    case .drifted: isRollout
    case .compliant, .homeless, .restored, .failed: false
    }
  }
}

extension Target {
  fileprivate func show(_ verdict: Verdict) {
    state = .drifted
    findings = verdict.findings
  }
}
