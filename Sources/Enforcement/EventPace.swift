import Linux

/// How much of the loop's time the reading of events may take. Pure: it does nothing.
///
/// Some events can't be turned off for one noisy user alone, such as those of the folder that holds
/// all homes. When they come too fast, the queue is read in batches, which costs every user's restore
/// a millisecond and the host next to nothing.
struct EventPace {
  private var credit = EventPace.fullCredit
  private var creditedAt: MonotonicTime?

  /// The part of the loop's time that events may take for good.
  private static let share = 0.08
  /// What it costs the loop, in microseconds, to go round for a batch.
  private static let roundCost = 10.0
  /// Microseconds they may take at once.
  private static let fullCredit = 200_000.0
  /// Seconds between two batches.
  static let pause = 0.001

  /// Takes what a batch cost; says until when the queue is to be left alone.
  mutating func spent(_ microseconds: Double, at now: MonotonicTime) -> MonotonicTime? {
    let earned = creditedAt.map { Double(now.microseconds(since: $0)) * Self.share } ?? 0
    creditedAt = now
    // A debt is paid back soon, or one burst would slow everyone down for long.
    let balance = min(credit + max(earned, 0), Self.fullCredit) - microseconds - Self.roundCost
    credit = max(balance, -Self.fullCredit / 10)
    guard credit < 0 else { return nil }
    return now.advanced(bySeconds: max(Self.pause, microseconds / 1e6))
  }
}
