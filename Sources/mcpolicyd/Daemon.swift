import Baseline
import Control
import Enforcement
import Glibc
import Incidents
import Ledger
import Linux
import MCPConfig
import Metrics
import Policy

/// The rooms, wired: one loop on one thread that owns all state.
final class Daemon {
  let paths: HostPaths
  let reader: ConfigurationReader
  let store: BaselineStore
  let exceptionStore: ExceptionStore
  let journal: JournalWriter
  let incidents: IncidentLog
  /// What becomes of them.
  let life: LifeKeeper
  var lifeWatchers: [Int: (LifeRecord) -> Void] = [:]
  /// How many incidents were said to be forgotten, and when the next are.
  var forgottenTold = (count: 0, next: MonotonicTime.now)
  let metricsOutput: MetricsOutput
  let ledger: LedgerWriter
  let started = WallTime.now
  /// Kept for its lock, which keeps a second daemon out.
  let stateFolder: Descriptor

  var configuration: Configuration
  /// Revocations, grants and requests.
  var exceptions: HostExceptions
  /// Counts the policies and baselines that came into force.
  var generation = 1
  var failedReloads = 0
  /// Why the last reload failed; nil once one went through.
  var reloadFailure: ReloadFailure?
  /// When the policy in force was read.
  var policyRead = WallTime.now
  var lastSweep: WallTime?
  var sweepTimes = TimeHistogram()
  var enforcer: Enforcer!
  var server: ControlServer!
  var supervisor = Supervisor()
  var ledgerWatch = LedgerWatch()
  var ledgerReaders: LedgerReaders!
  var approvedWatch = ApprovedWatch()
  var refusalClock = RefusalClock()
  private(set) var stopReason = "unknown"
  private var isRunning = true
  private var isReady = false
  private var isPaused = false
  /// The last approval that is known to have reached the targets.
  var rolledOut: Int?
  /// And the revocations and grants.
  var rolledOutExceptions: Exceptions?
  private var nextSweep = MonotonicTime.now

  enum Failure: Error {
    case policy(PolicyError)
    case system(SystemError)
    case alreadyRunning(String)
    /// Of the state's folder.
    case laterState(Int, path: String)
  }

  init(_ options: Options) throws(Failure) {
    paths = HostPaths(options)
    reader = ConfigurationReader(paths: paths)
    do throws(PolicyError) {
      configuration = Configuration(policy: try reader.policy())
    } catch {
      throw .policy(error)
    }
    let laterState: Int?
    do throws(SystemError) {
      stateFolder = try TrustedFolder.open(creating: paths.state, permissions: 0o700)
      guard try stateFolder.lock() else {
        throw SystemError("lock", paths.state.text, errno: EBUSY)
      }
      laterState = try StateFormat.later(in: stateFolder)
    } catch {
      if error.operation == "lock" { throw .alreadyRunning(error.path) }
      throw .system(error)
    }
    if let laterState { throw .laterState(laterState, path: paths.state.text) }
    do throws(SystemError) {
      store = BaselineStore(
        folder: try TrustedFolder.open(creating: paths.baseline, permissions: 0o700))
      // On a read-only disk what is left there stays, and harms nothing.
      try? store.removeUnfinished()
      exceptionStore = try ExceptionStore(
        folder: try TrustedFolder.open(creating: paths.exceptions, permissions: 0o700))
      exceptions = try exceptionStore.load()
      configuration = try reader.configuration(configuration.policy, store)
      journal = try JournalWriter()
      life = try LifeKeeper(
        folder: try TrustedFolder.open(creating: paths.incidents, permissions: 0o700))
      ledger = try LedgerWriter(
        path: paths.ledger, markFolder: paths.state,
        hasRecords: RolloutMark.read(in: stateFolder) != nil || life.state.count > 0,
        host: HostName.current, retentionDays: configuration.policy.ledgerRetentionDays)
    } catch {
      throw .system(error)
    }
    incidents = IncidentLog(journal: journal)
    metricsOutput = MetricsOutput(root: paths.root)
    incidents.onTold = { [life] in life.opened($0) }
  }

  /// Runs until a signal ends it.
  /// - Parameter watcher: made before any thread, as the library behind it asks for.
  func run(
    _ loop: consuming EventLoop, watcher: FolderWatcher, _ activation: SocketActivation
  ) throws(SystemError) {
    ledgerReaders = try LedgerReaders(folder: paths.ledger)
    openLedger()
    let site = EnforcementSite(
      root: paths.root, isThrowaway: paths.isThrowaway,
      ownerUID: Process.mayGiveFilesAway ? 0 : Process.uid, daemonUID: Process.uid)
    let evidence = try TrustedFolder.open(creating: paths.evidence, permissions: 0o700)
    enforcer = try Enforcer(
      site: site, watcher: watcher, evidence: evidence, sink: self, plan: plan)
    server = try ControlServer(
      listener: try activation.listener(paths), roles: .ofThisHost(), info: .mcpolicyd,
      service: self)
    if let events = enforcer.eventReadiness { try loop.add(events, .folders) }
    try loop.add(enforcer.reportReadiness, .housekeeper)
    try loop.add(enforcer.workerReadiness, .homeWorkers)
    try loop.add(enforcer.dryRuns.readiness, .dryRuns)
    try loop.add(server.readiness, .control)
    try loop.add(life.readiness, .life)
    metricsOutput.use(configuration.policy.metricsFile)
    try loop.add(ledger.wakeup, .ledger)
    try loop.add(ledgerReaders.readiness, .ledgerReaders)
    if let bell = approvedWatch.readiness { try loop.add(bell, .approved) }
    applyAtStart()
    followApproved()
    announce()
    startSweep { [weak self] in self?.becomeReady() }
    while isRunning { try turn(&loop) }
    stop()
    if !activation.outlivesProcess { paths.socket.withCString { _ = Glibc.unlink($0) } }
  }

  private func turn(_ loop: inout EventLoop) throws(SystemError) {
    let now = MonotonicTime.now
    expireGrants()
    workOnLife(now: now)
    workOnMetrics(now: now)
    if nextSweep <= now { startSweep {} }
    watchApproved(at: now)
    supervisor.beat(now: now)
    try followEvents(&loop, now)
    enforcer.work(now: now)
    enforcer.dryRuns.handle(now: now)
    if incidents.nextDeadline.map({ $0 <= now }) == true { incidents.tellDue(at: now) }
    watchLedger(at: now)
    let holdsEvents = enforcer.holdsEvents && enforcer.eventsResume == nil
    let deadline = [
      nextSweep, supervisor.nextBeat, enforcer.nextDeadline, server.nextDeadline,
      incidents.nextDeadline, enforcer.eventsResume, nextExpiry,
      enforcer.dryRuns.nextDeadline, lifeDeadline, metricsOutput.nextDeadline,
      nextLedgerDeadline, nextApprovedDeadline,
    ].compactMap { $0 }.min()
    var signalled = false
    try loop.wait(mayWait: !enforcer.hasWork && !holdsEvents, until: deadline) { source in
      switch source {
      case .folders: enforcer.handleEvents()
      case .housekeeper: enforcer.handleReports()
      case .homeWorkers: enforcer.handleWorkerResults()
      case .control, .timer: server.processReady(now: .now)
      case .dryRuns: enforcer.dryRuns.handle(now: .now)
      case .life: life.handleReports()
      case .ledger: handleLedgerEvents()
      case .ledgerReaders: ledgerReaders.handleResults()
      case .approved: approvedWatch.rang(at: .now)
      case .signals: signalled = true
      }
    }
    while signalled, let signal = loop.signals.next() {
      if signal == SIGHUP {
        reloadForSignal()
      } else {
        stopReason = signal == SIGINT ? "SIGINT" : "SIGTERM"
        isRunning = false
      }
    }
  }

  /// Leaves the queue of events alone for a moment when it takes too much of the loop's time.
  private func followEvents(_ loop: inout EventLoop, _ now: MonotonicTime) throws(SystemError) {
    if let resume = enforcer.eventsResume {
      if resume <= now { enforcer.handleEvents() }
    } else if enforcer.holdsEvents {
      enforcer.handleEvents()
    }
    let pauses = enforcer.eventsResume != nil
    guard pauses != isPaused, let events = enforcer.eventReadiness else { return }
    isPaused = pauses
    try loop.pause(events, .folders, pauses)
  }

  func startSweep(_ done: @escaping () -> Void) {
    sweep { [weak self] _ in
      self?.lastSweep = .now
      done()
    }
  }

  func sweep(
    progress: ((SweepResult) -> Void)? = nil, _ done: @escaping (SweepResult) -> Void
  ) {
    nextSweep = MonotonicTime.now.advanced(bySeconds: sweepInterval)
    // What was turned down may be right by now: a key's time comes, a clock is set, a disk has room.
    if !configuration.allProblems.isEmpty { approvedWatch.forget() }
    approvedWatch.sweep(at: .now)
    let (number, exceptions) = (configuration.baseline?.record.number, exceptionsInForce)
    enforcer.sweep(progress: progress) { [weak self] result in
      if let number { self?.noteRollout(of: number, exceptions) }
      self?.sweepTimes.record(result.microseconds)
      self?.metricsOutput.changed()
      done(result)
    }
  }

  /// Without events, sweeps are all there is.
  private var sweepInterval: Double {
    let seconds = Double(configuration.policy.sweepSeconds)
    return enforcer.eventReadiness == nil ? min(seconds, Self.blindSweepSeconds) : seconds
  }

  private static let blindSweepSeconds = 5.0

  private func becomeReady() {
    guard !isReady else { return }
    isReady = true
    startLedgerHours()
    supervisor.ready(statusLine)
    Process.giveMemoryBack()
  }

  /// Takes a configuration into force in one step, under a new generation.
  func adopt(_ new: Configuration) {
    let old = configuration.policy
    configuration = new
    if old.approvedFile != new.policy.approvedFile {
      incidents.settled(path: paths.below(old.approvedFile).text)
    }
    generation += 1
    ledger.setRetention(days: new.policy.ledgerRetentionDays)
    tellModes(from: old, to: new.policy)
    enforcer.apply(plan, isFirstRollout: new.isNew)
    metricsOutput.use(new.policy.metricsFile)
    metricsOutput.changed()
    tellInventory()
    followApproved()
    announceProblems()
  }

  private func stop() {
    supervisor.stopping()
    enforcer.stop()
    incidents.tellDue(at: nil)
    // What it still stores is told, and so before the ledger ends.
    life.finish(seconds: 2)
    closeLedger()
    metricsOutput.finish(seconds: 1)
    journal.finish(seconds: 2)
  }
}
