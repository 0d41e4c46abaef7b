import Linux
import MCPConfig
import Policy
import Synchronization

/// What taking a plan into force would do at one target.
public struct PlannedChange: Sendable {
  public enum Step: String, Sendable {
    case restore
    /// The target is in observe.
    case report
    /// It couldn't be restored.
    case fail
  }

  public enum Reason: String, Sendable {
    /// Neither the plan in force nor the candidate approves what is there.
    case drift
    /// What is there is right until the candidate comes into force.
    case rollout
  }

  public var target: TargetSummary
  public var step: Step
  public var reason: Reason
  /// Why it couldn't be restored.
  public var error: String?
}

/// What taking a plan into force would do.
public struct DryRunResult: Sendable {
  public var checked = 0
  public var restored = 0
  public var reported = 0
  public var failed = 0
  /// Of those that would change: how many only because what is approved does.
  public var rollouts = 0
  /// Targets that the plan in force keeps and the candidate doesn't.
  public var released = 0
  public var byKind: [Finding.Kind: Int] = [:]
  /// The first of the changes; the counts have all.
  public var changes: [PlannedChange] = []
  /// False if a home didn't answer in time: then the counts lack its targets and all after it.
  public var isComplete = false

  public static let changeLimit = 1000

  mutating func add(_ change: PlannedChange) {
    switch change.step {
    case .restore: restored += 1
    case .report: reported += 1
    case .fail: failed += 1
    }
    if change.reason == .rollout { rollouts += 1 }
    for kind in Set(change.target.findings.map(\.kind)) { byKind[kind, default: 0] += 1 }
    if changes.count < Self.changeLimit { changes.append(change) }
  }
}

extension Enforcer {
  /// Looks at every target as the candidate has it, on a thread of its own and without touching
  /// anything: no watch, no restore, no incident. The loop goes on under the plan in force.
  public func dryRun(
    of candidate: EnforcementPlan, _ done: @escaping (DryRunResult) -> Void
  ) throws(DryRuns.Refusal) {
    let look = DryRunLook(site: site, current: plan, candidate: candidate)
    try dryRuns.start(look.run, done)
  }
}

/// The dry run under way, seen from the loop.
public final class DryRuns {
  public enum Refusal: Error {
    case busy
    case system(SystemError)
  }

  private var progress: DryRunProgress?
  private var done: ((DryRunResult) -> Void)?
  private let ended: BoundedQueue<DryRunProgress>
  /// Threads that a home holds; they end when it answers.
  private var stuck = 0

  /// How long a home that doesn't answer is waited for.
  static let patience = 10.0
  static let stuckLimit = 3

  init() throws(SystemError) {
    ended = try BoundedQueue(capacity: 16, blocking: false)
  }

  /// What becomes readable when one has ended.
  public var readiness: Int32 { ended.wakeup }

  /// When `handle` has something to do even if none has ended.
  public var nextDeadline: MonotonicTime? { progress?.deadline }

  func start(
    _ look: @escaping @Sendable (DryRunProgress) -> Void, _ done: @escaping (DryRunResult) -> Void
  ) throws(Refusal) {
    guard progress == nil, stuck < Self.stuckLimit else { throw .busy }
    let progress = DryRunProgress()
    let ended = ended
    do throws(SystemError) {
      _ = try WorkerThread(name: "dry-run") {
        look(progress)
        _ = ended.send(progress)
      }
    } catch {
      throw .system(error)
    }
    self.progress = progress
    self.done = done
  }

  /// Answers for what ended, or is waited for in vain.
  public func handle(now: MonotonicTime) {
    for one in ended.takeAll() {
      if one === progress { end(one) } else { stuck -= 1 }
    }
    if let progress, progress.deadline <= now {
      stuck += 1
      end(progress)
    }
  }

  private func end(_ progress: DryRunProgress) {
    let done = done
    self.progress = nil
    self.done = nil
    done?(progress.result.withLock { $0 })
  }
}

/// How far a dry run is: written by its thread, read by the loop.
final class DryRunProgress: Sendable {
  let result = Mutex(DryRunResult())
  private let lastStep = Atomic(MonotonicTime.now.nanoseconds)

  func step() {
    lastStep.store(MonotonicTime.now.nanoseconds, ordering: .relaxed)
  }

  var deadline: MonotonicTime {
    MonotonicTime(nanoseconds: lastStep.load(ordering: .relaxed))
      .advanced(bySeconds: DryRuns.patience)
  }
}
