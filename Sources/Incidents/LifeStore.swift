import Glibc
import Linux
import Synchronization

/// Stores what becomes of incidents on a thread of its own: the loop must never wait for a disk.
///
/// Used on the loop's thread. While the disk takes nothing, what changes holds in memory, and all of
/// it is written anew once the disk takes it again.
final class LifeStore {
  private enum Job: Sendable {
    case append([IncidentLife.Change])
    case rewrite([TrackedIncident])

    var isRewrite: Bool {
      if case .rewrite = self { true } else { false }
    }
  }

  /// What came of all jobs up to that number.
  private struct Report: Sendable {
    var number: Int
    var error: SystemError?
  }

  private let jobs: BoundedQueue<(Int, Job)>
  private let reports: BoundedQueue<Report>
  private let thread: WorkerThread
  private let ended = Latch()
  private let hurries = Latch()
  private var number = 0
  private var reported = 0
  private var waiting: [(number: Int, body: (SystemError?) -> Void)] = []
  /// Lines since the file was last written anew.
  private var lines = 0
  private var nextRewrite = MonotonicTime.now
  /// Why the last write failed; nil if it didn't.
  private var lastFailure: SystemError?
  /// Whether something changed that no job has.
  private var isBehind = false

  private static let capacity = 16_384
  /// Those who wait for a disk that doesn't answer.
  private static let waitingLimit = 256
  private static let retrySeconds = 5.0
  /// Microseconds between two writes, so that a storm makes few of them.
  private static let restTime: UInt32 = 50_000

  /// - Parameter file: as it was loaded, and not written to yet.
  init(file: consuming LifeFile, _ incidents: [TrackedIncident]) throws(SystemError) {
    let jobs = try BoundedQueue<(Int, Job)>(capacity: Self.capacity, blocking: true)
    let reports = try BoundedQueue<Report>(capacity: Self.capacity, blocking: false)
    let (ended, hurries) = (ended, hurries)
    let box = FileBox(file)
    thread = try WorkerThread(name: "life") {
      Self.work(box, jobs, reports, hurries)
      ended.set()
    }
    self.jobs = jobs
    self.reports = reports
    rewrite(incidents)
  }

  /// What becomes readable when `handleReports` has something to do.
  var readiness: Int32 { reports.wakeup }

  /// Why what changed isn't all stored; nil if it is, or will be in a moment.
  var failure: SystemError? {
    lastFailure ?? (isBehind ? SystemError("store", errno: ENOBUFS) : nil)
  }

  /// When `retry` has something to do.
  var nextDeadline: MonotonicTime? { failure == nil ? nil : nextRewrite }

  /// Stores the changes, or all incidents where that is due.
  func store(_ changes: [IncidentLife.Change], of life: IncidentLife) {
    lines += changes.count
    if failure != nil {
      isBehind = true
      if nextRewrite <= .now { rewrite(life.all) }
    } else if lines > life.count * 2 + Self.rewriteLines {
      rewrite(life.all)
    } else {
      send(.append(changes))
    }
  }

  private static let rewriteLines = 1024

  /// Tries again what could not be stored.
  func retry(_ life: IncidentLife) {
    if failure != nil, nextRewrite <= .now { rewrite(life.all) }
  }

  private func rewrite(_ incidents: [TrackedIncident]) {
    lines = incidents.count
    nextRewrite = MonotonicTime.now.advanced(bySeconds: Self.retrySeconds)
    isBehind = false
    send(.rewrite(incidents))
  }

  private func send(_ job: Job) {
    if jobs.send((number + 1, job)) { number += 1 } else { isBehind = true }
  }

  /// Calls `body` once all changes so far are stored, or with why they aren't.
  func whenStored(_ body: @escaping (SystemError?) -> Void) {
    if isBehind || number == reported { return body(failure) }
    guard waiting.count < Self.waitingLimit else {
      return body(SystemError("store", errno: EBUSY))
    }
    waiting.append((number, body))
  }

  func handleReports() {
    for report in reports.takeAll() {
      lastFailure = report.error
      reported = report.number
      let done = waiting.prefix { $0.number <= report.number }
      waiting.removeFirst(done.count)
      for one in done { one.body(report.error) }
    }
  }

  /// Ends the thread once all is written, but waits no longer than that many seconds.
  func finish(seconds: Double) {
    hurries.set()
    jobs.close()
    let deadline = MonotonicTime.now.advanced(bySeconds: seconds)
    while !ended.isSet, MonotonicTime.now < deadline { usleep(1000) }
    if ended.isSet { thread.join() }
    handleReports()
    // Nothing comes any more: who still waits hears so.
    let rest = waiting
    waiting = []
    for one in rest { one.body(SystemError("store", errno: ETIMEDOUT)) }
  }
}

// MARK: The thread

extension LifeStore {
  /// The thread's alone, once it runs.
  private final class FileBox: Sendable {
    let file: Mutex<LifeFile>

    init(_ file: consuming LifeFile) { self.file = Mutex(file) }
  }

  private static func work(
    _ box: FileBox, _ jobs: BoundedQueue<(Int, Job)>, _ reports: BoundedQueue<Report>,
    _ hurries: Latch
  ) {
    while let first = jobs.receive() {
      var batch = [first]
      // Nobody else receives, so what is counted is there.
      while batch.count < 1024, jobs.count > 0, let next = jobs.receive() { batch.append(next) }
      let error = box.file.withLock { write(batch.map(\.1), to: &$0) }
      _ = reports.send(Report(number: batch.last!.0, error: error))
      if !hurries.isSet { usleep(restTime) }
    }
  }

  /// One write and one sync for many changes.
  private static func write(_ jobs: [Job], to file: inout LifeFile) -> SystemError? {
    var changes: [IncidentLife.Change] = []
    var start = jobs.startIndex
    do throws(SystemError) {
      if let last = jobs.lastIndex(where: \.isRewrite), case .rewrite(let incidents) = jobs[last] {
        try file.rewrite(incidents)
        start = last + 1
      }
      for case .append(let more) in jobs[start...] { changes += more }
      if !changes.isEmpty { try file.append(changes) }
      return nil
    } catch {
      return error
    }
  }
}
