import Linux
import MCPConfig
import Policy

/// Slowing noisy targets down, so that the fight for one file is nobody else's trouble.
extension Enforcer {
  /// Lets the target pay for what it made the loop do.
  func charge(_ target: Target, _ microseconds: Double, at now: MonotonicTime) {
    if target.brake.charge(microseconds, at: now) { beginStorm(target, now) }
  }

  /// One target's events alone fill a good part of the queue, which is everyone's.
  func trip(_ target: Target, at now: MonotonicTime) {
    if target.brake.trip(at: now) { beginStorm(target, now) }
  }

  private func beginStorm(_ target: Target, _ now: MonotonicTime) {
    setFolders([], of: target)
    target.touchWay()
    retries[target.id] = now
    guard let copy = target.spec.expectation?.copy else { return }
    let finding = Finding(
      .tamperStorm, rule: "default",
      "The target is changed faster than is worth following: it is looked at on a timer until it is calm, "
        + "and the folders that lead to it are held where that can be done. Find out what changes it."
    )
    sink.found(
      Drift(
        target: target.summary, findings: [finding], action: .held, discovered: .now,
        expected: copy.sha256))
  }

  /// When a noisy target is looked at next, after a look that cost so much.
  func pace(_ target: Target, foundDrift: Bool, cost microseconds: Double, at now: MonotonicTime) {
    guard target.brake.isNoisy else { return }
    if foundDrift, target.state == .compliant { hold(target) }
    switch target.brake.looked(foundDrift: foundDrift, cost: microseconds, at: now) {
    case .again(let seconds):
      retries[target.id] = now.advanced(bySeconds: seconds)
    case .calm:
      release(target)
      target.nextEvidence = nil
      target.touchWay()
      sink.calmed(target.path)
      markDirty(target.id, at: now)
    }
  }

  /// Seconds between two rejected files of a noisy target that are kept.
  private static let evidenceInterval = 1.0

  /// Whether evidence of a restore is to be kept: of a noisy target only now and then.
  func keepsEvidence(_ target: Target, at now: MonotonicTime) -> Bool {
    guard target.brake.isNoisy else { return true }
    if let next = target.nextEvidence, now < next { return false }
    target.nextEvidence = now.advanced(bySeconds: Self.evidenceInterval)
    return true
  }

  // MARK: Holding

  /// Takes from the user, until the target is calm, the power to replace the approved file. The home
  /// itself stays theirs.
  private func hold(_ target: Target) {
    guard let user = target.spec.user, mayHold(target, user) else { return }
    try? target.spec.eachFolder(below: 1) { folder in
      guard target.held.count < Self.mostHeld,
        FolderHold.take(folder.descriptor, from: user.uid, to: site.ownerUID)
      else { return }
      target.held.append(folder)
    }
  }

  /// A user may move a held folder away and make another one, which is held too.
  private static let mostHeld = 16

  /// Gives back what `hold` took, wherever it is by now.
  func release(_ target: Target) {
    guard let user = target.spec.user else { return }
    for folder in target.held {
      FolderHold.release(folder.descriptor, to: user.uid, from: site.ownerUID)
    }
    target.held = []
  }

  /// Gives back what an earlier run held and was killed with.
  func releaseLeftovers(_ target: Target) {
    guard let user = target.spec.user, !target.brake.isNoisy,
      target.folders.contains(where: \.isSticky)
    else { return }
    try? target.spec.eachFolder(below: 1) { folder in
      FolderHold.release(folder.descriptor, to: user.uid, from: site.ownerUID)
    }
  }

  /// Only a file that isn't its user's to write can be kept by keeping its folder.
  private func mayHold(_ target: Target, _ user: UserIdentity) -> Bool {
    if case .userWritable = target.spec.expectation?.form { return false }
    return target.spec.isInline && target.spec.rule.mode == .enforce && user.uid != site.ownerUID
      && site.ownerUID == 0
  }
}
