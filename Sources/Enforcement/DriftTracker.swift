import Linux
import Policy

/// Decides what of a target's drift is said, and when it is tried again. Pure: it does nothing.
struct DriftTracker {
  /// What was last said of drift that still stands, so that it is said once.
  private var said: Signature?
  private var failures = 0
  private var wasUnfinished = false
  private var lookAgains = 0

  struct Signature: Hashable {
    var findings: [Finding]
    var action: Action
  }

  enum Step: Equatable {
    case nothing
    case say(Action)
    case retry(seconds: Double)
    case sayAndRetry(Action, seconds: Double)
  }

  /// Retries before drift that stays is a failure: quick ones, since a user's race ends soon.
  private static let quickRetries = [0.002, 0.02, 0.2]
  private static let slowRetry = 5.0
  /// How long a file that can't be read may stay in its writer's hands.
  static let unfinishedSeconds = 0.01

  var hasSaid: Bool { said != nil }

  /// Whether drift stayed after the quick retries.
  var hasFailed: Bool { failures > Self.quickRetries.count }

  var mayBeUnfinished: Bool { !wasUnfinished }

  /// How often the way may change under a restore before that counts as a failure.
  private static let mostLookAgains = 200

  /// Whether a restore that lost a race is simply tried again.
  mutating func mayLookAgain() -> Bool {
    lookAgains += 1
    return lookAgains <= Self.mostLookAgains
  }

  mutating func compliant() {
    self = DriftTracker()
  }

  mutating func unfinished() -> Step {
    wasUnfinished = true
    return .retry(seconds: Self.unfinishedSeconds)
  }

  mutating func observed(_ findings: [Finding]) -> Step {
    let signature = Signature(findings: findings, action: .reported)
    guard said != signature else { return .nothing }
    said = signature
    return .say(.reported)
  }

  mutating func restored() -> Step {
    self = DriftTracker()
    return .say(.restored)
  }

  mutating func failed(_ findings: [Finding]) -> Step {
    failures += 1
    if failures <= Self.quickRetries.count {
      return .retry(seconds: Self.quickRetries[failures - 1])
    }
    let signature = Signature(findings: findings, action: .failed)
    guard said != signature else { return .retry(seconds: Self.slowRetry) }
    said = signature
    return .sayAndRetry(.failed, seconds: Self.slowRetry)
  }
}
