import Glibc
import Linux
import MCPConfig
import Policy

/// Watches, judges and restores all targets. It lives on one thread, the loop's.
public final class Enforcer {
  let site: EnforcementSite
  let watcher: any FolderWatching
  let housekeeper: Housekeeper
  let homeWorkers: HomeWorkers
  unowned let sink: any EnforcementSink
  var plan: EnforcementPlan
  var builder: TargetBuilder
  var accounts: AccountDirectory

  var rootAnchor: Anchor
  var hostTargets: [TargetID] = []
  var homeFolders: [HomeFolders] = []
  var homes: [[FilePath: Home]] = []
  var targets: [TargetID: Target] = [:]
  var watches = WatchTable()
  var dirty = DirtyTargets()
  var retries: [TargetID: MonotonicTime] = [:]
  var stages: [Stage] = []
  var stageIndex: [FilePath: Int] = [:]
  var sweeps: [Sweep] = []
  var reviews: [Review] = []
  var strays: Set<WatchID> = []
  var mustSweep = false
  /// A folder of homes was moved, removed or unmounted: it must be opened anew.
  var lostHomeFolders = false
  /// Something came or went where a folder of homes that doesn't exist yet may appear.
  var mayFindHomeFolders = false
  /// When every file is read again, however little its stamp changed.
  var nextFullRead = MonotonicTime.now.advanced(bySeconds: Enforcer.fullReadSeconds)
  static let fullReadSeconds = 86_400.0
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
    builder = TargetBuilder(site: site, plan: plan)
    accounts = AccountDirectory(
      root: site.root, isThrowaway: site.isThrowaway, ownUID: site.daemonUID)
    rootAnchor = try Anchor(path: site.root)
  }

  /// What the loop waits for, each with the call that it then makes.
  public var eventReadiness: Int32 { watcher.readiness }
  public var reportReadiness: Int32 { housekeeper.reports.wakeup }
  public var workerReadiness: Int32 { homeWorkers.results.wakeup }

  /// The next time at which `work` has something to do; nil for never.
  public var nextDeadline: MonotonicTime? {
    [
      retries.values.min(), reviews.lazy.map(\.due).min(), sweeps.lazy.map(\.deadline).min(),
    ].compactMap { $0 }.min()

  }

  public var summaries: [TargetSummary] {
    targets.keys.sorted().compactMap { targets[$0]?.summary }
  }

  /// How the targets stand, without a summary of each.
  public var counts: TargetCounts {
    var counts = TargetCounts()
    for target in targets.values {
      counts.total += 1
      if target.state == .compliant { counts.compliant += 1 }
      if target.state == .drifted { counts.drifted += 1 }
      if !target.isWatched { counts.unwatched += 1 }
    }
    return counts
  }

  public var watchCount: Int { watches.count }

  public var isProvisioned: Bool { plan.copy != nil }

  func makeTarget(_ spec: TargetSpec) -> Target {
    nextID += 1
    let target = Target(id: nextID, spec: spec)
    targets[nextID] = target
    return target
  }

  func markDirty(_ target: TargetID, at time: MonotonicTime) {
    guard isProvisioned else { return }
    dirty.mark(target, at: time)
  }

  /// Ends the threads once what they have is done, and takes the ready copies away.
  public func stop() {
    endReviews()
    discardStagedCopies()
    homeWorkers.finish()
    housekeeper.finish()
  }
}
