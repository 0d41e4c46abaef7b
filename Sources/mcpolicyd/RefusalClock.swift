import Linux
import Policy

/// When a refused signature becomes an incident, and that it becomes one once.
///
/// A file and its signature are two files: whoever deploys them replaces one after the other. In between
/// they don't fit, which is nobody's attack. So a pair that doesn't fit is told once both halves were left
/// alone for a while; what can't be seen in between (a revoked key, an old serial) is told at once.
struct RefusalClock {
  /// As long as no deployment takes between two files of one folder.
  static let quietSeconds = 10.0

  /// However often the pair changes: whoever keeps it from being left alone is told of, too.
  static let longestSeconds = 60.0

  private var waiting: (pair: SignedPair, until: MonotonicTime)?
  /// Since when nothing fits.
  private var misfitsSince: MonotonicTime?
  private var told: (pair: SignedPair, refusal: SignatureCheck.Refusal)?

  /// When a pair that doesn't fit is to be looked at again.
  var due: MonotonicTime? { waiting?.until }

  /// Whether to tell it now.
  mutating func tells(
    _ refused: RefusedSignature, at now: MonotonicTime, _ wall: WallTime
  ) -> Bool {
    if let told, told.pair == refused.pair, told.refusal == refused.refusal {
      // What was waited for meanwhile is gone.
      stopWaiting()
      return false
    }
    if refused.refusal.mayBeHalfReplaced {
      let longest = (misfitsSince ?? now).advanced(bySeconds: Self.longestSeconds)
      misfitsSince = misfitsSince ?? now
      if waiting?.pair != refused.pair {
        // A clock that was set back makes nothing older.
        let quiet = max(Double(wall.microseconds - refused.changed.microseconds) / 1e6, 0)
        let rest = max(Self.quietSeconds - quiet, 0)
        waiting = (refused.pair, min(now.advanced(bySeconds: rest), longest))
      }
      guard let waiting, waiting.until <= now else { return false }
    }
    stopWaiting()
    told = (refused.pair, refused.refusal)
    return true
  }

  /// Nothing is refused any more.
  mutating func clear() {
    stopWaiting()
    told = nil
  }

  private mutating func stopWaiting() {
    waiting = nil
    misfitsSince = nil
  }
}
