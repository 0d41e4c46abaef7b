import Glibc
import Linux
import MCPConfig
import Policy

/// One look at a target, and the restore if it asks for one: the straight way from a hint to the
/// approved file. It may run on any thread.
struct TargetCheck: Sendable {
  let spec: TargetSpec
  let expectation: Expectation
  /// Nil for a target that isn't to be watched now, and for a dry run.
  let adder: WatchAdder?
  /// What the last check found on the way, with its watches.
  var known: [WatchedFolder]
  /// Whether no event has touched the folders on the way since.
  var wayStands: Bool
  var stamp: FileStamp?
  /// Whether a file that no client can read may still be in its writer's hands.
  var mayBeUnfinished: Bool
  /// Whether an earlier run may have left a stage of its own beside the target.
  var seeksLeftovers = false
  /// Larger files are left to a look that may take its time.
  var sizeLimit: Int
  var rollout: Rollout?

  /// Why the approved copy may not be there yet without anyone's doing.
  enum Rollout: Sendable {
    /// The target is new: nothing was ever put there.
    case first
    /// This was approved before.
    indirect case from(Expectation)

    func explains(_ observation: Observation) -> Bool {
      switch self {
      case .first: if case .missing = observation { true } else { false }
      case .from(let previous): judge(observation, against: previous).isCompliant
      }
    }
  }

  struct Result: Sendable {
    enum Outcome: Sendable {
      case compliant
      /// The home is gone; its targets are gone with it.
      case homeless
      case drifted(Verdict)
      case restored(Verdict, Restorer.Rejected?)
      case failed(Verdict, SystemError)
      /// Looked at again in a moment.
      case unfinished(Verdict)
      /// Larger than this look may read.
      case large
    }

    var outcome: Outcome
    var folders: [WatchedFolder]
    var stamp: FileStamp?
    /// What was read; nil where nothing could be.
    var observed: [UInt8]?
    /// What else than a file stood there, as the evidence has it.
    var description: [UInt8]?
    var watchRefused: SystemError?
    /// What an earlier run left on the way.
    var leftovers: [Restorer.Rejected] = []
    /// Whether the whole way could be searched for that; nil if it wasn't.
    var isSearched: Bool?
    /// What is on disk could not be seen.
    var isUnreachable = false
    /// Whether what was rejected is kept.
    var isEvidenceKept = true
    /// The drift is the daemon's own: what is approved changed, not the file.
    var isRollout = false
  }

  typealias Restore = (Placement, borrowing Descriptor, _ occupied: Bool) throws(SystemError) ->
    Restorer.Rejected?

  func run(restore: Restore) -> Result {
    if !seeksLeftovers, wayStands, known.count == spec.components.count - 1, let last = known.last,
      last.watch != nil, let folder = spec.walker(nil).shortcut(to: last)
    {
      return look(in: folder, Result(outcome: .compliant, folders: known), restore)
    }
    var result = Result(outcome: .compliant, folders: [])
    if seeksLeftovers {
      do throws(SystemError) {
        try spec.eachFolder(below: 0) { folder throws(SystemError) in
          result.leftovers += try PassingStage.leftovers(in: folder, maker: Process.uid)
        }
        result.isSearched = true
      } catch {
        result.isSearched = false
      }
    }
    do throws(SystemError) {
      let walk = try spec.walker(adder).walk(known: known, refused: &result.watchRefused)
      result.folders = walk.folders
      if let stop = walk.stop { return stopped(stop, walk, result, restore) }
      return look(in: walk.folder, result, restore)
    } catch {
      result.isUnreachable = true
      result.outcome = .failed(
        judge(.unreachable(reason: error.description), against: expectation), error)
      return result
    }
  }

  /// The folder of the file was reached.
  private func look(
    in folder: borrowing Descriptor, _ before: Result, _ restore: Restore
  ) -> Result {
    var result = before
    let name = spec.components.last!
    switch Observer.observe(name, in: folder, known: stamp, limit: sizeLimit) {
    case .unchanged:
      result.stamp = stamp
    case .larger:
      result.outcome = .large
    case .failed(let error) where !mayReplaceUnread(error):
      result.isUnreachable = true
      result.outcome = .failed(
        judge(.unreachable(reason: error.description), against: expectation), error)
    case .failed(let error):
      let verdict = judge(.unreachable(reason: error.description), against: expectation)
      guard spec.rule.mode == .enforce else {
        result.outcome = .drifted(verdict)
        return result
      }
      let placement = spec.placement(from: spec.components.count - 1)
      result.outcome = restored(verdict, placement, folder, true, restore)
    case .observed(let observation, let status):
      let observation = spec.shown(observation, approved: expectation.copy)
      if case .regular(let file) = observation { result.observed = file.bytes }
      result.description = observation.evidence
      let verdict = judge(observation, against: expectation)
      if verdict.isCompliant {
        result.stamp = status.flatMap { FileStamp($0, now: .now, writer: spec.user?.uid) }
        return result
      }
      result.isRollout = rollout?.explains(observation) ?? false
      if mayBeUnfinished, verdict.findings.contains(where: { $0.kind == .unreadableConfig }) {
        result.outcome = .unfinished(verdict)
        return result
      }
      guard spec.rule.mode == .enforce else {
        result.outcome = .drifted(verdict)
        return result
      }
      // Tolerated content keeps its bytes; only whose it is gets put right. The approved bytes stand
      // ready.
      let keeps = verdict.contentStands && result.observed != expectation.copy.bytes
      let body = keeps ? result.observed.map { StagedForm.Body.file($0) } : nil
      let placement = spec.placement(from: spec.components.count - 1, body: body)
      let occupied = if case .missing = observation { false } else { true }
      result.outcome = restored(verdict, placement, folder, occupied, restore)
    }
    return result
  }

  /// Whether what can't be read is its user's doing. Want of descriptors or memory isn't, nor is a
  /// disk that fails: the file may be the approved one, and no client can read it either.
  private func mayReplaceUnread(_ error: SystemError) -> Bool {
    // A lease, which its holder may keep for most of a minute.
    error.errno == EAGAIN
  }

  /// A folder on the way is missing, or something else stands there.
  private func stopped(
    _ stop: PathWalk.Stop, _ walk: borrowing PathWalk, _ before: Result, _ restore: Restore
  ) -> Result {
    var result = before
    if walk.level == 0, spec.user != nil {
      result.outcome = .homeless
      return result
    }
    let names = spec.components[(spec.user == nil ? 0 : 1)...walk.level]
    let folder = names.map(\.text).joined(separator: "/")
    let observation = Self.observation(stop, folder: folder)
    if case .failed = stop { result.isUnreachable = true }
    let verdict = judge(observation, against: expectation)
    result.isRollout = rollout?.explains(observation) ?? false
    guard spec.rule.mode == .enforce else {
      result.outcome = .drifted(verdict)
      return result
    }
    switch stop {
    case .mount: result.outcome = .failed(verdict, SystemError("rename", folder, errno: EBUSY))
    case .failed(let error):
      result.outcome = .failed(verdict, error)
    case .missing, .symlink, .notFolder, .foreignOwner:
      let placement = spec.placement(from: walk.level)
      result.outcome = restored(verdict, placement, walk.folder, stop != .missing, restore)
    }
    return result
  }

  private func restored(
    _ verdict: Verdict, _ placement: Placement, _ folder: borrowing Descriptor, _ occupied: Bool,
    _ restore: Restore
  ) -> Result.Outcome {
    do throws(SystemError) {
      return .restored(verdict, try restore(placement, folder, occupied))
    } catch {
      return .failed(verdict, error)
    }
  }

  private static func observation(_ stop: PathWalk.Stop, folder: String) -> Observation {
    switch stop {
    case .missing: .missing
    case .symlink: .obstructed(Obstacle(folder: folder, reason: .symlink))
    case .notFolder(let type): .obstructed(Obstacle(folder: folder, reason: .notFolder(type: type)))
    case .foreignOwner(let uid):
      .obstructed(Obstacle(folder: folder, reason: .foreignOwner(uid: uid)))
    case .mount: .obstructed(Obstacle(folder: folder, reason: .mount))
    case .failed(let error): .unreachable(reason: error.description)
    }
  }
}
