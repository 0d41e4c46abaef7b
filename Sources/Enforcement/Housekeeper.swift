import Linux
import MCPConfig

/// Does on a thread of its own what a restore leaves to do: keep the evidence, clear away what was
/// rejected, make a new copy ready and durable.
final class Housekeeper: Sendable {
  enum Job: Sendable {
    /// Keep bytes that an observation read.
    case keep([UInt8], SHA256Digest)
    /// Keep what this entry holds, unless it is the approved copy, and clear it away.
    case dispose(Restorer.Rejected, approved: SHA256Digest?)
    /// Make a copy ready.
    case prepare(StagedForm, StagedKind, FilePath, SharedFolder, stage: Int)
    /// Remove a copy that isn't wanted any more.
    case discard(FilePath, SharedFolder)
  }

  enum Report: Sendable {
    case prepared(StagedKind, FilePath, stage: Int)
    case preparationFailed(StagedKind, stage: Int, SystemError)
    case evidenceLost(SystemError)
  }

  private let jobs: BoundedQueue<Job>
  /// What came of the jobs, for the loop.
  let reports: BoundedQueue<Report>
  private let thread: WorkerThread

  init(evidence: consuming Descriptor) throws(SystemError) {
    let jobs = try BoundedQueue<Job>(capacity: 16_384, blocking: true)
    let reports = try BoundedQueue<Report>(capacity: 16_384, blocking: false)
    let folder = SharedFolder(evidence)
    thread = try WorkerThread(name: "housekeeper") {
      var worker = HousekeepingWorker(evidence: EvidenceStore(folder: folder), reports: reports)
      while let job = jobs.receive() { worker.run(job) }
    }
    self.jobs = jobs
    self.reports = reports
  }

  /// False if too much waits; what then stays in a stage is found at the next start.
  @discardableResult
  func send(_ job: Job) -> Bool { jobs.send(job) }

  /// Ends the thread once all jobs are done.
  func finish() {
    jobs.close()
    thread.join()
  }
}
