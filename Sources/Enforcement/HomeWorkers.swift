import Linux

/// Threads for what may wait for another host or a user's process: looks at homes on file systems
/// that can, at large files, and questions to NSS. Used on the loop's thread.
final class HomeWorkers {
  enum Done: Sendable {
    case checked(TargetID, since: MonotonicTime, finished: MonotonicTime, TargetCheck.Result)
    case probed(FilePath, Anchor, HomeFolders.Entry)
    case asked(UInt32, AccountAnswer)
  }

  private enum Job: Sendable {
    case check(TargetCheck, TargetID, since: MonotonicTime, stage: SharedFolder?)
    case probe(FilePath, Anchor)
    case ask(UInt32)
  }

  static let width = 3
  /// NSS counts as one home: while it hangs, it holds one thread.
  private static let accounts: FilePath = "accounts"

  private var schedule = HomeSchedule<(FilePath, Job)>(width: HomeWorkers.width)
  /// Homes that a probe waits for, and uids that a question does.
  private var probing: Set<FilePath> = []
  private var asking: Set<UInt32> = []
  private let jobs: BoundedQueue<(FilePath, Job)>
  let results: BoundedQueue<(FilePath, Done)>
  private var threads: [WorkerThread] = []

  init() throws(SystemError) {
    jobs = try BoundedQueue(capacity: 65_536, blocking: true)
    results = try BoundedQueue(capacity: 65_536, blocking: false)
    for _ in 0..<Self.width { try addThread() }
  }

  private func addThread() throws(SystemError) {
    let (jobs, results) = (jobs, results)
    threads.append(
      try WorkerThread(name: "home-\(threads.count + 1)") {
        while let (home, job) = jobs.receive() { _ = results.send((home, Self.run(job))) }
      })
  }

  /// - Parameter stage: where copies are made ready on the target's mount; nil if nowhere.
  func send(
    _ check: TargetCheck, _ target: TargetID, since: MonotonicTime, stage: SharedFolder? = nil
  ) {
    add(.check(check, target, since: since, stage: stage), of: check.spec.home)
  }

  /// Asks what a home is that is a mount of its own.
  func probe(_ name: FilePath, _ anchor: Anchor) {
    let home = anchor.path.appending(name)
    guard probing.insert(home).inserted else { return }
    add(.probe(name, anchor), of: home)
  }

  /// Asks NSS who that is.
  func ask(_ uid: UInt32) {
    guard asking.insert(uid).inserted else { return }
    add(.ask(uid), of: Self.accounts)
  }

  private func add(_ job: Job, of home: FilePath) {
    schedule.add((home, job), of: home)
    start(at: .now)
  }

  private func start(at now: MonotonicTime) {
    while let next = schedule.next(at: now) {
      // Without a thread for each, a job would wait behind one that hangs. If the system gives none,
      // it waits until one is free.
      if threads.count < schedule.activeCount { try? addThread() }
      _ = jobs.send(next)
    }
  }

  /// Whether a worker may be adding watches that the loop doesn't know yet.
  var isBusy: Bool { schedule.activeCount > 0 }

  func takeResults() -> [Done] {
    let done = results.takeAll()
    for (home, result) in done {
      schedule.finished(home)
      switch result {
      case .probed: probing.remove(home)
      case .asked(let uid, _): asking.remove(uid)
      case .checked: break
      }
    }
    start(at: .now)
    return done.map(\.1)
  }

  /// When `newlyBlocked` may have something to say.
  var nextDeadline: MonotonicTime? { schedule.nextDeadline }

  /// Homes that haven't answered for a while; said once each time.
  func newlyBlocked(at now: MonotonicTime) -> [FilePath] {
    let late = schedule.newlyBlocked(at: now)
    if !late.isEmpty { start(at: now) }
    return late
  }

  var blocked: [FilePath] { schedule.blocked }

  /// A home that never answers must not hold the end of the process, so nothing is waited for.
  func finish() {
    jobs.close()
  }

  private static func run(_ job: Job) -> Done {
    switch job {
    case .ask(let uid):
      return .asked(uid, AccountAnswer(uid))
    case .probe(let name, let anchor):
      return .probed(name, anchor, HomeFolders.mountedEntry(name, in: anchor))
    case .check(let check, let target, let since, let stage):
      let maker = Process.uid
      let result = check.run { placement, folder, occupied throws(SystemError) in
        guard let stage else {
          return try Restorer.restoreInPlace(
            placement, at: folder, occupied: occupied, maker: maker)
        }
        return try Restorer.restore(
          placement, at: folder, occupied: occupied, stage: stage, staged: nil,
          freshName: FilePath("w\(UInt64.random(in: 0...UInt64.max))"))
      }
      return .checked(target, since: since, finished: .now, result)
    }
  }
}
