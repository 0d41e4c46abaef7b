import Linux
import Synchronization

/// A few threads for homes whose file system may make a read wait.
final class HomeWorkers: Sendable {
  enum Done: Sendable {
    case checked(TargetID, since: MonotonicTime, finished: MonotonicTime, TargetCheck.Result)
    case probed(FilePath, Anchor, HomeFolders.Entry)
  }

  private enum Job: Sendable {
    case check(TargetCheck, TargetID, since: MonotonicTime)
    case probe(FilePath, Anchor)
  }

  static let threadCount = 3

  private let jobs: BoundedQueue<Job>
  let results: BoundedQueue<Done>
  private let threads: [WorkerThread]
  private let inFlight = Atomic(0)

  init() throws(SystemError) {
    let jobs = try BoundedQueue<Job>(capacity: 65_536, blocking: true)
    let results = try BoundedQueue<Done>(capacity: 65_536, blocking: false)
    var threads: [WorkerThread] = []
    for number in 1...Self.threadCount {
      threads.append(
        try WorkerThread(name: "home-\(number)") {
          while let job = jobs.receive() { _ = results.send(Self.run(job)) }
        })
    }
    self.jobs = jobs
    self.results = results
    self.threads = threads
  }

  func send(_ check: TargetCheck, _ target: TargetID, since: MonotonicTime) -> Bool {
    send(.check(check, target, since: since))
  }

  /// Asks what a home is that is a mount of its own.
  func probe(_ name: FilePath, _ anchor: Anchor) {
    _ = send(.probe(name, anchor))
  }

  private func send(_ job: Job) -> Bool {
    let sent = jobs.send(job)
    if sent { inFlight.add(1, ordering: .relaxed) }
    return sent
  }

  /// Whether a worker may be adding watches that the loop doesn't know yet.
  var isBusy: Bool { inFlight.load(ordering: .relaxed) > 0 }

  func takeResults() -> [Done] {
    let done = results.takeAll()
    inFlight.subtract(done.count, ordering: .relaxed)
    return done
  }

  /// A home that never answers must not hold the end of the process, so nothing is waited for.
  func finish() {
    jobs.close()
  }

  private static func run(_ job: Job) -> Done {
    switch job {
    case .probe(let name, let anchor):
      return .probed(name, anchor, HomeFolders.mountedEntry(name, in: anchor))
    case .check(let check, let target, let since):
      let maker = Process.uid
      let result = check.run { placement, folder, occupied throws(SystemError) in
        try Restorer.restoreInPlace(placement, at: folder, occupied: occupied, maker: maker)
      }
      return .checked(target, since: since, finished: .now, result)
    }
  }
}
