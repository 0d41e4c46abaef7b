import Glibc
import Linux
import MCPConfig

/// The housekeeper's side of its thread.
struct HousekeepingWorker {
  var evidence: EvidenceStore
  let reports: BoundedQueue<Housekeeper.Report>
  /// Puts a job behind those that wait.
  let again: @Sendable (Housekeeper.Job) -> Void

  mutating func run(_ job: Housekeeper.Job) {
    switch job {
    case .dispose(let disposal):
      dispose(disposal)
    case .prepare(let form, let kind, let name, let folder, let stage):
      do throws(SystemError) {
        try form.make(name, in: folder.descriptor, durable: true)
        report(.prepared(kind, name, folder, stage: stage))
      } catch {
        report(.preparationFailed(kind, stage: stage, error))
      }
    case .clear(let removal):
      clear(removal)
    case .discard(let name, let folder):
      RejectedEntry.remove(name, in: folder.descriptor)
    }
  }

  private mutating func dispose(_ disposal: Housekeeper.Disposal) {
    guard var sighting = disposal.sighting else { return discard(disposal) }
    if disposal.isLeftover, let rejected = disposal.rejected {
      let stage = rejected.folder
      if let removal = goOn(rejected) { return clear(removal) }
      if RejectedEntry.isOwnMaking(rejected.name, in: stage.descriptor) {
        return remove(rejected, disposal)
      }
    }
    let content = disposal.rejected.map { RejectedContent(of: $0) }
    if case .leased = content, disposal.attempts < Self.attempts {
      var again = disposal
      again.attempts += 1
      if reports.send(.postponed(again)) { return }
    }
    sighting.status = content?.status
    var held: SHA256Digest?
    if let bytes = content?.bytes {
      held = SHA256Digest(of: bytes)
      if held != disposal.approved {
        sighting.whole = content?.whole
        sighting.folder = content?.folder
        keep(bytes, held!, sighting)
        if disposal.isLeftover { report(.leftoverKept(held!, path: sighting.path)) }
      }
    }
    // What was judged isn't always what is left of it.
    if let observed = disposal.observed {
      let sha256 = SHA256Digest(of: observed)
      sighting.whole = nil
      sighting.folder = nil
      if sha256 != held, sha256 != disposal.approved { keep(observed, sha256, sighting) }
    }
    guard let rejected = disposal.rejected else { return }
    if content?.folder == nil {
      remove(rejected, disposal)
    } else if let status = content?.status {
      thinOut(rejected.folder, of: status.uid)
    }
  }

  /// Clears away what is no evidence. A folder is kept all the same: it may hold someone's work.
  private func discard(_ disposal: Housekeeper.Disposal) {
    guard let rejected = disposal.rejected else { return }
    let stage = rejected.folder
    if let status = try? stage.descriptor.status(of: rejected.name), status.type == .directory,
      (try? stage.descriptor.removeFolder(rejected.name)) == nil,
      KeptFolders.keep(rejected, of: status.uid) != nil
    {
      return thinOut(stage, of: status.uid)
    }
    remove(rejected, disposal)
  }

  /// Has the kept folders go that are too many.
  private func thinOut(_ stage: SharedFolder, of uid: UInt32) {
    for removal in KeptFolders.removals(in: stage, of: uid) { again(.clear(removal)) }
  }

  /// A removal that an earlier run was killed in.
  private func goOn(_ rejected: Restorer.Rejected) -> TreeRemoval? {
    let name = rejected.name.text
    guard name.hasPrefix(KeptFolders.goingPrefix), let owner = KeptFolders.owner(name) else {
      return nil
    }
    return TreeRemoval(rejected.name, in: rejected.folder, owner: owner)
  }

  /// Removes a piece of the tree and leaves the rest for after the jobs that wait: evidence first.
  private func clear(_ removal: TreeRemoval) {
    var removal = removal
    for _ in 0..<Self.stepsPerJob where removal.step() {}
    if !removal.isOver { again(.clear(removal)) }
  }

  private static let stepsPerJob = 8

  /// How often what can't be done now is tried, once a second. A lease that is broken ends after
  /// `fs.lease-break-time`, 45 s unless root changed it.
  private static let attempts = 60

  /// Removes it with the stage that was made for it, later if the disk doesn't let it go now.
  private func remove(_ rejected: Restorer.Rejected, _ disposal: Housekeeper.Disposal) {
    let stage = rejected.folder
    RejectedEntry.remove(rejected.name, in: stage.descriptor)
    let isGone = (try? stage.descriptor.status(of: rejected.name)) == nil
    if isGone, rejected.passing?.close() ?? true { return }
    guard disposal.attempts < Self.attempts else { return }
    report(
      .postponed(Housekeeper.Disposal(rejected: rejected, attempts: disposal.attempts + 1)))
  }

  private mutating func keep(_ bytes: [UInt8], _ sha256: SHA256Digest, _ sighting: Sighting) {
    do throws(SystemError) {
      try evidence.keep(bytes, sha256: sha256, sighting)
    } catch {
      report(.evidenceLost(error))
    }
  }

  private func report(_ report: Housekeeper.Report) {
    // The loop takes reports in whole batches; if it can't keep up, a lost one costs a spare copy.
    _ = reports.send(report)
  }
}
