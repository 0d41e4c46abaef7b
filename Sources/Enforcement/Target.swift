import Linux
import Policy

/// A target as the loop knows it: what it must be, and what was last found.
final class Target {
  let id: TargetID
  var spec: TargetSpec
  /// The host's path of the file; kept once it was needed, so that incidents share it.
  private(set) lazy var path = spec.path
  /// The folders on the way, with their watches.
  var folders: [WatchedFolder] = []
  /// Whether no event has touched the folders on the way since they were walked.
  var wayStands = false
  var stamp: FileStamp?
  var tracker = DriftTracker()
  var brake = StormBrake()
  /// Folders on the way that are root's until the target is calm, wherever they are by now.
  var held: [SharedFolder] = []
  /// When evidence of a noisy target is kept again.
  var nextEvidence: MonotonicTime?
  /// The last batch of events that had some of its own, and how many.
  var batch = 0
  var batchEvents = 0
  var state = TargetSummary.State.unprovisioned
  var findings: [Finding] = []
  /// Since when a missing file waits for changes of accounts to end.
  var awaitsSince: MonotonicTime?
  /// Set until the first look under a new plan.
  var rollout: TargetCheck.Rollout?
  /// Looks in a row that didn't get into the home.
  var homelessLooks = 0
  /// Whether it was never looked at.
  var isNew = true
  /// Whether an earlier run may have left something on its way.
  var mayHaveLeftovers = true
  /// A worker has it.
  var isInFlight = false
  /// The way was touched meanwhile.
  var wayTouchedInFlight = false

  /// Seconds until the next look at a home that couldn't be entered, though it is there: soon at first.
  func nextHomelessRetry() -> Double {
    homelessLooks += 1
    return min(0.05 * Double(1 << min(homelessLooks, 12)), 60)
  }

  /// The way must be walked anew.
  func touchWay() {
    wayStands = false
    wayTouchedInFlight = isInFlight
  }

  init(id: TargetID, spec: TargetSpec) {
    self.id = id
    self.spec = spec
  }

  /// Whether every folder on the way that exists is watched.
  var isWatched: Bool {
    !folders.isEmpty && folders.allSatisfy { $0.watch != nil } && spec.anchor.tellsEvents
  }

  var summary: TargetSummary {
    TargetSummary(
      name: spec.rule.name, path: path, user: spec.user, client: spec.rule.client,
      mode: spec.rule.mode, state: state, isWatched: isWatched, isNoisy: brake.isNoisy,
      findings: findings)
  }
}

/// How many targets stand how.
public struct TargetCounts: Sendable {
  public var total = 0
  public var compliant = 0
  public var drifted = 0
  public var unreachable = 0
  /// Those whose changes aren't told by events, but for noisy ones.
  public var unwatched = 0
  /// Those that were tampered with so often that they are looked at on a timer.
  public var noisy = 0
}

/// A target as others see it.
public struct TargetSummary: Sendable {
  public enum State: String, Sendable {
    case compliant, drifted, unprovisioned, unreachable
  }

  public var name: String
  public var path: String
  public var user: UserIdentity?
  public var client: Client
  public var mode: Policy.Mode
  public var state: State
  public var isWatched: Bool
  public var isNoisy: Bool
  public var findings: [Finding]
}
