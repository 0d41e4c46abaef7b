import Glibc
import Linux
import MCPConfig
import Synchronization

/// Does on a thread of its own what a restore leaves to do: keep the evidence, clear away what was
/// rejected, make a new copy ready and durable.
final class Housekeeper: Sendable {
  enum Job: Sendable {
    /// Keep what was rejected as evidence, and clear it away.
    case dispose(Disposal)
    /// Make a copy ready.
    case prepare(StagedForm, StagedKind, FilePath, SharedFolder, stage: Int)
    /// Remove a piece of a folder that was kept.
    case clear(TreeRemoval)
    /// Remove a copy that isn't wanted any more.
    case discard(FilePath, SharedFolder)
  }

  /// What a restore took out of a home, and what is to be kept of it.
  struct Disposal: Sendable {
    /// Nil if only what was read is left.
    var rejected: Restorer.Rejected?
    /// The approved copy is no evidence.
    var approved: SHA256Digest?
    /// What was read before the restore; what the entry holds by now may be something else.
    var observed: [UInt8]?
    /// Nil if nothing of it is to be kept.
    var sighting: Sighting?
    /// Whether an earlier run was killed with it: its incident was perhaps never told.
    var isLeftover = false
    /// How often it couldn't be done.
    var attempts = 0
  }

  enum Report: Sendable {
    case prepared(StagedKind, FilePath, SharedFolder, stage: Int)
    case preparationFailed(StagedKind, stage: Int, SystemError)
    case evidenceLost(SystemError)
    /// Something that an earlier run took out of a home.
    case leftoverKept(SHA256Digest, path: String)
    /// A lease hides the content, or the disk keeps it: to be tried again.
    case postponed(Disposal)
  }

  private let jobs: BoundedQueue<Job>
  /// What came of the jobs, for the loop.
  let reports: BoundedQueue<Report>
  private let thread: WorkerThread
  private let waitingBytes: ByteCount
  private let hurries: Latch

  /// Bytes in jobs that wait.
  final class ByteCount: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .relaxed) }
    func add(_ bytes: Int) { count.add(bytes, ordering: .relaxed) }
  }

  init(evidence: consuming Descriptor) throws(SystemError) {
    let jobs = try BoundedQueue<Job>(capacity: 16_384, blocking: true)
    let reports = try BoundedQueue<Report>(capacity: 16_384, blocking: false)
    let folder = SharedFolder(evidence)
    let waitingBytes = ByteCount()
    let hurries = Latch()
    thread = try WorkerThread(name: "housekeeper") {
      var worker = HousekeepingWorker(
        evidence: EvidenceStore(folder: folder), reports: reports,
        again: { _ = jobs.send($0) })
      while let job = jobs.receive() {
        if hurries.isSet { break }
        worker.run(job)
        if case .dispose(let disposal) = job { waitingBytes.add(-disposal.byteCount) }
      }
    }
    self.waitingBytes = waitingBytes
    self.hurries = hurries
    self.jobs = jobs
    self.reports = reports
  }

  /// False if too much waits; what then stays in a stage is found at the next start.
  @discardableResult
  func send(_ job: Job) -> Bool {
    guard case .dispose(var disposal) = job else { return jobs.send(job) }
    // A user can offer a mebibyte of new bytes faster than a disk takes it. The rejected file, which
    // is kept from the stage, mostly holds the same.
    if waitingBytes.value >= Self.byteCapacity { disposal.observed = nil }
    waitingBytes.add(disposal.byteCount)
    let sent = jobs.send(.dispose(disposal))
    if !sent { waitingBytes.add(-disposal.byteCount) }
    return sent
  }

  private static let byteCapacity = 16 << 20

  /// Ends the thread once all jobs are done, or after so many seconds: what then stays in a stage is
  /// found at the next start.
  func finish(seconds: Double = 3) {
    jobs.close()
    let deadline = MonotonicTime.now.advanced(bySeconds: seconds)
    while jobs.count > 0, MonotonicTime.now < deadline { usleep(1000) }
    hurries.set()
    thread.join()
  }
}

extension Housekeeper.Disposal {
  fileprivate var byteCount: Int { observed?.count ?? 0 }
}
