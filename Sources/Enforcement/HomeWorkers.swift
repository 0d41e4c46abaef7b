import Linux
import Synchronization

/// A few threads for homes whose file system may make a read wait.
final class HomeWorkers: Sendable {
  struct Done: Sendable {
    var target: TargetID
    var since: MonotonicTime
    var finished: MonotonicTime
    var result: TargetCheck.Result
  }

  private struct Job: Sendable {
    var target: TargetID
    var since: MonotonicTime
    var check: TargetCheck
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
          while let job = jobs.receive() {
            let result = Self.run(job.check)
            _ = results.send(
              Done(target: job.target, since: job.since, finished: .now, result: result))
          }
        })
    }
    self.jobs = jobs
    self.results = results
    self.threads = threads
  }

  func send(_ check: TargetCheck, _ target: TargetID, since: MonotonicTime) -> Bool {
    let sent = jobs.send(Job(target: target, since: since, check: check))
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

  private static func run(_ check: TargetCheck) -> TargetCheck.Result {
    check.run { placement, folder, occupied throws(SystemError) in
      try Restorer.restoreInPlace(placement, at: folder, occupied: occupied)
    }
  }
}
