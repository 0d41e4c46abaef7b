import Linux

/// A check of all targets without an event, and what it came to.
struct Sweep {
  private var waiting: Set<TargetID>
  private var result = SweepResult()
  private let started = MonotonicTime.now
  /// How long a home that doesn't answer is waited for.
  static let patience = 10.0
  var deadline: MonotonicTime { started.advanced(bySeconds: Self.patience) }
  private let progress: ((SweepResult) -> Void)?
  private let done: (SweepResult) -> Void

  init(
    of targets: some Sequence<TargetID>, progress: ((SweepResult) -> Void)? = nil,
    done: @escaping (SweepResult) -> Void
  ) {
    waiting = Set(targets)
    result.total = waiting.count
    self.progress = progress
    self.done = done
  }

  var isOver: Bool { waiting.isEmpty }

  /// Ends the wait for what hasn't answered.
  mutating func giveUp(path: (TargetID) -> String?) {
    for target in waiting {
      result.checked += 1
      result.failures.append(
        "\(path(target) ?? "a target"): no answer within \(Int(Self.patience)) s")
    }
    waiting = []
  }

  /// - Parameter outcome: nil for a target that is gone.
  mutating func finished(_ target: TargetID, _ outcome: SweepOutcome?) {
    guard waiting.remove(target) != nil, let outcome else { return }
    result.checked += 1
    switch outcome {
    case .compliant: break
    case .drifted: result.drifted += 1
    case .restored:
      result.drifted += 1
      result.restored += 1
    case .failed(let reason):
      result.drifted += 1
      result.failures.append(reason)
    }
    progress?(result)
  }

  func tell() {
    var result = result
    result.microseconds = MonotonicTime.now.microseconds(since: started)
    done(result)
  }
}

/// What a look at a target came to, as a sweep counts it.
enum SweepOutcome {
  case compliant
  case drifted
  case restored
  case failed(String)
}

extension Enforcer {
  /// Looks at every target; `done` is called when the last one was looked at.
  /// - Parameter progress: called after each; it must not call back.
  public func sweep(
    progress: ((SweepResult) -> Void)? = nil, _ done: @escaping (SweepResult) -> Void
  ) {
    rescanHomes()
    let now = MonotonicTime.now
    let readsAll = nextFullRead <= now
    if readsAll { nextFullRead = now.advanced(bySeconds: Self.fullReadSeconds) }
    for target in targets.values {
      // Where events tell of every folder on the way, one step to the last of them finds what they
      // don't: mounts. Once a day it is walked all the same, as every file is read.
      if readsAll || !target.isWatched { target.touchWay() }
      if readsAll { target.stamp = nil }
    }
    markAllForSweep()
    sweeps.append(
      Sweep(of: isProvisioned ? Array(targets.keys) : [], progress: progress, done: done))
    endSweeps()
  }

  func markAllForSweep() {
    guard isProvisioned else { return }
    let now = MonotonicTime.now
    for id in targets.keys.sorted() { dirty.markForSweep(id, at: now) }
  }

  func finishSweeps(_ target: TargetID, _ outcome: SweepOutcome) {
    guard !sweeps.isEmpty else { return }
    for index in sweeps.indices { sweeps[index].finished(target, outcome) }
    endSweeps()
  }

  /// Targets on the loop's own thread are only waited for while they are being looked at.
  func endLateSweeps(now: MonotonicTime) {
    guard dirty.isEmpty else { return }
    for index in sweeps.indices where sweeps[index].deadline <= now {
      sweeps[index].giveUp { targets[$0]?.spec.path }
    }
    endSweeps()
  }

  func endSweeps() {
    let over = sweeps.filter(\.isOver)
    sweeps.removeAll { $0.isOver }
    for sweep in over { sweep.tell() }
  }
}
