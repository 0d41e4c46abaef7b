import Glibc
import Linux
import MCPConfig
import Policy

/// Looking at targets, and what comes of it.
extension Enforcer {
  /// Whether targets wait to be looked at now. Asked last before the loop waits: whatever it did
  /// since it worked may have marked one.
  public var hasWork: Bool { !dirty.isEmpty }

  /// Looks at a few of the targets that may have changed.
  public func work(now: MonotonicTime) {
    workOnReviews(now: now)
    disposeOfPostponed(at: now)
    if !lostHomes.isEmpty { retryLostHomes(now: now) }
    for home in homeWorkers.newlyBlocked(at: now) { tellBlocked(home) }
    if !sweeps.isEmpty { endLateSweeps(now: now) }
    for (id, time) in retries where time <= now {
      retries[id] = nil
      dirty.mark(id, at: now)
    }
    for _ in 0..<Self.looksPerRound {
      guard let mark = dirty.next() else { return }
      if let target = targets[mark.target] { check(target, since: mark.since) }
    }
  }

  /// How many targets are looked at before the loop asks again what is new.
  private static let looksPerRound = 64
  /// A file of more bytes than this that isn't the approved one's size is judged by a worker: it may
  /// take milliseconds, which other users' targets don't have.
  private static let inlineSize = 64 << 10

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
    var check = TargetCheck(
      spec: target.spec, expectation: expectation,
      adder: target.brake.isNoisy ? nil : watcher.adder, known: target.folders,
      wayStands: target.wayStands, stamp: target.stamp,
      mayBeUnfinished: mayWait && target.tracker.mayBeUnfinished,
      seeksLeftovers: seeksLeftovers(target),
      sizeLimit: JSONLimits().size, rollout: target.rollout)
    guard target.spec.isInline else { return hand(check, target, since) }
    check.sizeLimit = max(Self.inlineSize, expectation.copy.bytes.count)
    let started = ThreadTime.now
    let result = check.run(restore: restorer(target))
    if case .large = result.outcome {
      check.sizeLimit = JSONLimits().size
      return hand(check, target, since, stage: stage(for: target).map { stages[$0].folder })
    }
    finish(target, result, since: since, started: started, finished: .now)
  }

  /// Only where a restore makes a stage of its own can an earlier run have left one.
  private func seeksLeftovers(_ target: Target) -> Bool {
    guard target.mayHaveLeftovers, target.spec.rule.mode == .enforce else { return false }
    return target.spec.user == nil || !target.spec.isInline || stage(for: target) == nil
  }

  /// Leaves the look to a worker.
  private func hand(
    _ check: TargetCheck, _ target: Target, _ since: MonotonicTime, stage: SharedFolder? = nil
  ) {
    target.isInFlight = true
    homeWorkers.send(check, target.id, since: since, stage: stage)
  }

  private func tellBlocked(_ home: FilePath) {
    for target in targets.values where target.spec.home == home { target.state = .unreachable }
    let path = ByteString(Array(home.bytes)).escaped
    sink.degraded(
      Finding(
        .watchDegraded, field: "home", rule: "default",
        "\"\(path)\" doesn't answer. Its targets can't be looked at until it does; nothing else waits for it."
      ), path: path)
  }

  /// Takes what the home workers found.
  public func handleWorkerResults() {
    for done in homeWorkers.takeResults() {
      switch done {
      case .probed(let name, let anchor, let entry): probed(name, anchor, entry)
      case .asked(let uid, let answer): answered(uid, answer)
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
    finish(target, result, since: since, started: nil, finished: finished)
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

  /// What a worker's look costs the loop, in microseconds.
  private static let handedCost = 100.0

  /// - Parameter started: nil for a worker's look.
  private func finish(
    _ target: Target, _ result: TargetCheck.Result, since: MonotonicTime, started: ThreadTime?,
    finished: MonotonicTime
  ) {
    take(result, target, since: since, finished: finished)
    guard targets[target.id] === target else { return }
    let now = MonotonicTime.now
    let cost = started.map { ThreadTime.now.microseconds(since: $0) } ?? Self.handedCost
    charge(target, cost, at: now)
    pace(target, foundDrift: result.foundDrift, cost: cost, at: now)
  }

  /// Sets which folders a target's way has, and lets go of watches that nobody listens to any more.
  func setFolders(_ folders: [WatchedFolder], of target: Target) {
    for (level, old) in target.folders.enumerated() {
      guard let watch = old.watch else { continue }
      if level < folders.count, folders[level].watch == watch { continue }
      if watches.remove(.target(target.id, level: Int32(level)), from: watch) {
        watcher.forget(watch)
      }
    }
    for (level, new) in folders.enumerated() {
      guard let watch = new.watch else { continue }
      if level < target.folders.count, target.folders[level].watch == watch { continue }
      watches.add(.target(target.id, level: Int32(level)), to: watch)
    }
    target.folders = folders
  }
}
