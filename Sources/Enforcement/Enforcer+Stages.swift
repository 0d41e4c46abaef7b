import Glibc
import Linux
import MCPConfig
import Policy

/// The stages, and what a restore leaves to do.
extension Enforcer {
  /// How many copies of a kind stand ready: what many share must last through a full disk.
  private static func readyCopies(_ kind: StagedKind) -> Int { kind.isShared ? 16 : 4 }

  /// How to restore a target on the loop's own thread: from the stage, or beside the target where
  /// the stage is on another mount.
  func restorer(_ target: Target) -> TargetCheck.Restore {
    { placement, folder, occupied throws(SystemError) in
      if !occupied, self.awaitsAccounts(target) {
        throw SystemError("restore", target.path, errno: EINPROGRESS)
      }
      guard let index = self.stage(for: target) else {
        return try self.restoreInPlace(placement, folder, occupied)
      }
      let stage = self.stages[index]
      let isPlain = placement.names.count == 1 && placement.isApproved
      let staged = isPlain ? stage.take(target.spec.kind) : nil
      do throws(SystemError) {
        return try Restorer.restore(
          placement, at: folder, occupied: occupied, stage: stage.folder, staged: staged,
          freshName: stage.freshName())
      } catch {
        if let staged { stage.add(target.spec.kind, staged) }
        // The stage is on another mount, or was taken away.
        guard error.errno == EXDEV || error.errno == ENOENT, error.errno == EXDEV || stage.isGone
        else { throw error }
        if stage.isGone { self.renewStage(index, for: target) }
        return try self.restoreInPlace(placement, folder, occupied)
      }
    }
  }

  private func restoreInPlace(
    _ placement: Placement, _ folder: borrowing Descriptor, _ occupied: Bool
  ) throws(SystemError) -> Restorer.Rejected? {
    try Restorer.restoreInPlace(placement, at: folder, occupied: occupied, maker: site.daemonUID)
  }

  /// In place of a stage that someone removed, with all that was ready in it.
  private func renewStage(_ index: Int, for target: Target) {
    guard let folder = openStage(in: stageParent(target)) else { return }
    stages[index] = Stage(folder: folder)
    _ = try? stages[index].leftovers()
  }

  private func stageParent(_ target: Target) -> FilePath {
    let spec = target.spec
    return spec.user == nil
      ? spec.components.dropLast().reduce(spec.anchor.path) { $0.appending($1) } : spec.anchor.path
  }

  /// The stage on the target's mount, opened when it is first needed: in the folder of the homes,
  /// or for the central target in its own.
  func stage(for target: Target) -> Int? {
    let parent = stageParent(target)
    if let index = stageIndex[parent] { return index }
    guard let folder = openStage(in: parent) else { return nil }
    let stage = Stage(folder: folder)
    for name in (try? stage.leftovers()) ?? []
    where !KeptFolders.stays(name) {
      let left = Restorer.Rejected(folder: stage.folder, name: name)
      dispose(ofLeftover: left, of: parent.appending(Stage.folderName).text, target)
    }
    stages.append(stage)
    stageIndex[parent] = stages.count - 1
    return stages.count - 1
  }

  /// What an earlier run was killed with: a ready copy, or what was rejected.
  func dispose(ofLeftover rejected: Restorer.Rejected, of path: String, _ target: Target) {
    housekeeper.send(
      .dispose(
        Housekeeper.Disposal(
          rejected: rejected, approved: target.spec.expectation?.copy.sha256,
          sighting: Sighting(incident: "", seen: .now, path: path, user: nil), isLeftover: true)))
  }

  private func openStage(in parent: FilePath) -> Descriptor? {
    guard let folder = try? Descriptor.open(trusted: parent, O_RDONLY | O_DIRECTORY) else {
      return nil
    }
    try? folder.makeFolder(Stage.folderName, permissions: 0o700)
    guard let stage = try? folder.open(Stage.folderName, O_RDONLY | O_DIRECTORY),
      let status = try? stage.status(),
      status.uid == site.daemonUID || status.uid == 0, status.permissions & 0o077 == 0
    else { return nil }
    return stage
  }

  /// Has a copy of the target's kind made ready if few are.
  func refill(_ target: Target) {
    guard target.spec.isProvisioned, target.spec.rule.mode == .enforce, target.spec.isInline,
      let index = stage(for: target)
    else { return }
    let stage = stages[index]
    let kind = target.spec.kind
    guard stage.readyCount(kind) + stage.comingCount(kind) < Self.readyCopies(kind) else { return }
    // What is made ready for a noisy target is made durable for nothing.
    guard !target.brake.isNoisy else { return }
    let job = Housekeeper.Job.prepare(
      target.spec.form, kind, stage.freshName(), stage.folder, stage: index)
    if housekeeper.send(job) { stage.expect(kind) }
  }

  /// After a restore: keep what was seen, clear away what was taken, make the next copy ready.
  ///
  /// - Parameter incident: the incident's id; nil if there is none, and so no evidence.
  func clearAway(
    _ rejected: Restorer.Rejected?, _ result: TargetCheck.Result, _ target: Target,
    _ incident: String?
  ) {
    var disposal = Housekeeper.Disposal(
      rejected: rejected, approved: target.spec.expectation?.copy.sha256)
    if let incident, result.isEvidenceKept {
      disposal.observed = result.observed ?? result.description
      disposal.sighting = Sighting(
        incident: incident, seen: .now, path: target.path, user: target.spec.user)
    }
    housekeeper.send(.dispose(disposal))
    refill(target)
  }

  /// Seconds between two looks at what a lease hides.
  private static let postponement = 1.0
  private static let mostPostponed = 256

  private func postpone(_ disposal: Housekeeper.Disposal) {
    guard postponed.count < Self.mostPostponed else { return }
    postponed.append((MonotonicTime.now.advanced(bySeconds: Self.postponement), disposal))
  }

  /// Has the housekeeper look again; at all of them, for the last time, without a time.
  func disposeOfPostponed(at now: MonotonicTime?) {
    while let first = postponed.first, now.map({ first.due <= $0 }) ?? true {
      postponed.removeFirst()
      housekeeper.send(.dispose(first.job))
    }
  }

  /// Takes what the housekeeper did.
  public func handleReports() {
    for report in housekeeper.reports.takeAll() {
      switch report {
      case .prepared(let kind, let name, let folder, let index):
        if stages[index].folder === folder, stages[index].arrived(kind) {
          stages[index].add(kind, name)
        } else {
          housekeeper.send(.discard(name, folder))
        }
      case .preparationFailed(let kind, let index, _):
        _ = stages[index].arrived(kind)
      case .postponed(let disposal): postpone(disposal)
      case .leftoverKept(let sha256, let path):
        sink.degraded(
          Finding(
            .watchDegraded, field: "leftover", rule: "default",
            "An earlier run was killed while it restored a file. What it took out is kept as evidence \(sha256.hexadecimal)."
          ), path: path)
      case .evidenceLost(let error):
        lostEvidenceCount += 1
        sink.degraded(
          Finding(
            .watchDegraded, field: "evidence", rule: "default",
            "Rejected bytes could not be kept as evidence: \(error)."), path: error.path)
      }
    }
  }

  /// What became ready while the housekeeper was ending.
  func discardLateCopies() {
    for case .prepared(_, let name, let folder, _) in housekeeper.reports.takeAll() {
      RejectedEntry.remove(name, in: folder.descriptor)
    }
  }

  /// None stays behind but with what is kept in it, so that a package that goes leaves none.
  func removeStages() {
    for parent in stageIndex.keys {
      try? Descriptor.open(trusted: parent, O_RDONLY | O_DIRECTORY).removeFolder(Stage.folderName)
    }
  }

  /// A new plan has other copies.
  func discardStagedCopies() {
    for stage in stages {
      for name in stage.takeAll() { housekeeper.send(.discard(name, stage.folder)) }
    }
  }
}
