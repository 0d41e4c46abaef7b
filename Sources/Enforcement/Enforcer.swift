import Glibc
import Linux
import MCPConfig
import Metrics
import Policy

/// Watches, judges and restores all targets. It lives on one thread, the loop's.
public final class Enforcer {
  let site: EnforcementSite
  let watcher: any FolderWatching
  let housekeeper: Housekeeper
  let homeWorkers: HomeWorkers
  public let dryRuns: DryRuns
  unowned let sink: any EnforcementSink
  var plan: EnforcementPlan
  var builder: TargetBuilder
  var accounts: AccountDirectory

  var rootAnchor: Anchor
  var hostTargets: [TargetID] = []
  var homeFolders: [HomeFolders] = []
  var homes: [[FilePath: Home]] = []
  /// Homes that couldn't be looked at, with when to look again.
  var lostHomes: [FilePath: LostHome] = [:]
  /// Homes whose owner NSS is being asked about.
  var unknownOwners: [UInt32: [FilePath: (FilePath, Anchor)]] = [:]
  var targets: [TargetID: Target] = [:]
  var watches = WatchTable()
  var dirty = DirtyTargets()
  var retries: [TargetID: MonotonicTime] = [:]
  var stages: [Stage] = []
  var stageIndex: [FilePath: Int] = [:]
  var sweeps: [Sweep] = []
  var reviews: [Review] = []
  /// Rejected files that a lease hides, with when to look again.
  var postponed: [(due: MonotonicTime, job: Housekeeper.Disposal)] = []
  var strays: Set<WatchID> = []
  var mustSweep = false
  /// A folder of homes was moved, removed or unmounted: it must be opened anew.
  var lostHomeFolders = false
  /// Something came or went where a folder of homes that doesn't exist yet may appear.
  var mayFindHomeFolders = false
  /// When every file is read again, however little its stamp changed.
  var nextFullRead = MonotonicTime.now.advanced(bySeconds: Enforcer.fullReadSeconds)
  static let fullReadSeconds = 86_400.0
  /// Counts the batches of events.
  var batch = 0
  var pace = EventPace()
  /// Whether the last batch left events that the library has read already: no readiness tells them.
  public internal(set) var holdsEvents = false
  /// Until when the queue of events is left alone; then `handleEvents` is to be called.
  public internal(set) var eventsResume: MonotonicTime?
  /// When an overflow was last told.
  var overflowTold: MonotonicTime?
  var degradations: Set<Int32> = []
  /// Whether a new target without a file is no drift: always, but at a start with a stored baseline.
  var expectsNothing = true
  private var nextID = 0

  /// Totals since the start.
  public internal(set) var restoreCount = 0
  public internal(set) var failureCount = 0
  public internal(set) var overflowCount = 0
  public internal(set) var latencies = LatencyHistogram()
  /// The same in buckets that add up over hosts.
  public internal(set) var restoreTimes = TimeHistogram()
  /// Rejected bytes that could not be kept.
  public internal(set) var lostEvidenceCount = 0

  public init(
    site: EnforcementSite, watcher: FolderWatcher, evidence: consuming Descriptor,
    sink: any EnforcementSink,
    plan: EnforcementPlan
  ) throws(SystemError) {
    self.site = site
    self.sink = sink
    self.plan = plan
    self.watcher = watcher.events
    housekeeper = try Housekeeper(evidence: evidence)
    homeWorkers = try HomeWorkers()
    dryRuns = try DryRuns()
    builder = TargetBuilder(site: site, plan: plan)
    accounts = AccountDirectory(
      root: site.root, isThrowaway: site.isThrowaway, ownUID: site.daemonUID)
    rootAnchor = try Anchor(path: site.root)
  }

  /// What the loop waits for, each with the call that it then makes.
  /// The first is nil where the kernel gives no queue of events: only sweeps find anything then.
  public var eventReadiness: Int32? { watcher.readiness }
  public var reportReadiness: Int32 { housekeeper.reports.wakeup }
  public var workerReadiness: Int32 { homeWorkers.results.wakeup }

  /// The next time at which `work` has something to do; nil for never.
  public var nextDeadline: MonotonicTime? {
    [
      retries.values.min(), reviews.lazy.map(\.due).min(), sweeps.lazy.map(\.deadline).min(),
      postponed.first?.due, lostHomes.values.lazy.map(\.due).min(), homeWorkers.nextDeadline,
    ].compactMap { $0 }.min()
  }

  /// The targets that `passes` lets through, by who they belong to.
  public func summaries(where passes: (UserIdentity?) -> Bool) -> [TargetSummary] {
    targets.values.filter { passes($0.spec.user) }.sorted { $0.id < $1.id }.map(\.summary)
  }

  /// Whose homes don't answer: the user's name, or the home's where no user is known yet.
  public var blockedUsers: [String] {
    homeWorkers.blocked.map { home in
      targets.values.first { $0.spec.home == home }?.spec.user?.name
        ?? ByteString(Array(home.bytes)).escaped
    }.sorted()
  }

  /// How the targets stand, without a summary of each.
  public var counts: TargetCounts {
    var counts = TargetCounts()
    for target in targets.values {
      counts.total += 1
      if target.state == .compliant { counts.compliant += 1 }
      if target.state == .drifted { counts.drifted += 1 }
      if target.state == .unreachable { counts.unreachable += 1 }
      if target.brake.isNoisy {
        counts.noisy += 1
      } else if !target.isWatched, !target.isNew {
        counts.unwatched += 1
      }
    }
    return counts
  }

  public var watchCount: Int { watches.count }

  public var blockedHomeCount: Int { homeWorkers.blocked.count }

  /// Targets that wait to be looked at, and the most that ever did.
  public var dirtyQueue: (waiting: Int, highWater: Int) { (dirty.count, dirty.highWater) }

  public var isProvisioned: Bool { plan.copy != nil }

  func makeTarget(_ spec: TargetSpec) -> Target {
    nextID += 1
    let target = Target(id: nextID, spec: spec)
    targets[nextID] = target
    return target
  }

  func markDirty(_ target: TargetID, at time: MonotonicTime) {
    guard isProvisioned else { return }
    // A noisy target's timer decides.
    if retries[target] != nil, targets[target]?.brake.isNoisy == true { return }
    dirty.mark(target, at: time)
  }

  /// Ends the threads once what they have is done, and takes the ready copies away.
  public func stop() {
    endReviews()
    disposeOfPostponed(at: nil)
    for target in targets.values { release(target) }
    discardStagedCopies()
    homeWorkers.finish()
    housekeeper.finish()
    discardLateCopies()
    removeStages()
  }
}
