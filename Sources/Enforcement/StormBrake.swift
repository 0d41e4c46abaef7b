import Linux

/// Decides when one target takes too much of the loop's time, and how often it is looked at then.
/// Pure: it does nothing.
///
/// A target pays for its events and looks out of a credit that fills at a bounded rate. When it is
/// used up the target is noisy: its events are no longer listened to, and it is looked at on a timer
/// until it has been calm for a while. So no user can use up the time that the others' targets need.
struct StormBrake {
  /// Microseconds of the loop that the target may still use.
  private var credit = Self.fullCredit
  private var creditedAt: MonotonicTime?
  private var storm: Storm?
  /// Storms since the target was last calm for long; each must be calm for longer than the last.
  private var storms = 0
  private var lastEnd: MonotonicTime?

  private struct Storm {
    var began: MonotonicTime
    var lastDrift: MonotonicTime
    var interval: Double
  }

  enum Look: Equatable {
    case again(seconds: Double)
    /// The target is watched again.
    case calm
  }

  /// The part of the loop's time that one target may take for good.
  private static let share = 0.1
  /// What it may take at once, in microseconds of processor time: a few thousand restores.
  private static let fullCredit = 150_000.0
  /// The same, soon after a storm.
  private static let shortCredit = 20_000.0
  /// What an event costs, in microseconds, from the kernel's queue to the hint.
  static let eventCost = 1.5
  private static let shortestInterval = 0.001
  private static let longestInterval = 0.1
  private static let calmSeconds = 5.0
  private static let longestCalmSeconds = 60.0
  /// When a storm is forgotten.
  private static let memorySeconds = 600.0

  var isNoisy: Bool { storm != nil }

  /// Takes what was used out of the credit; true if the target has just become noisy.
  mutating func charge(_ microseconds: Double, at now: MonotonicTime) -> Bool {
    guard storm == nil else { return false }
    if let end = lastEnd, end.advanced(bySeconds: Self.memorySeconds) <= now {
      lastEnd = nil
      storms = 0
    }
    let earned = creditedAt.map { Double(now.microseconds(since: $0)) * Self.share } ?? 0
    let limit = storms == 0 ? Self.fullCredit : Self.shortCredit
    creditedAt = now
    credit = min(credit + max(earned, 0), limit) - microseconds
    guard credit < 0 else { return false }
    begin(now)
    return true
  }

  /// Makes the target noisy at once: its events came too fast to be paid for one by one.
  mutating func trip(at now: MonotonicTime) -> Bool {
    guard storm == nil else { return false }
    begin(now)
    return true
  }

  private mutating func begin(_ now: MonotonicTime) {
    storms += 1
    storm = Storm(began: now, lastDrift: now, interval: Self.shortestInterval)
  }

  /// What follows from a look at a noisy target that cost so many microseconds.
  mutating func looked(
    foundDrift: Bool, cost microseconds: Double, at now: MonotonicTime
  ) -> Look {
    guard var storm else { return .calm }
    if foundDrift {
      storm.lastDrift = now
      // The longer it goes on, the less it gets: what is put back again and again fills a disk.
      let age = Double(now.microseconds(since: storm.began)) / 1e6
      let shortest = max(Self.shortestInterval, age / 10_000, microseconds / 1e6 / Self.share)
      storm.interval = min(shortest, Self.longestInterval)
    } else {
      if storm.lastDrift.advanced(bySeconds: calmAfter) <= now {
        self.storm = nil
        lastEnd = now
        credit = Self.shortCredit
        creditedAt = now
        return .calm
      }
      storm.interval = min(storm.interval * 2, Self.longestInterval)
    }
    self.storm = storm
    return .again(seconds: storm.interval)
  }

  /// Seconds without drift after which the target counts as calm.
  private var calmAfter: Double {
    min(Self.calmSeconds * Double(1 << min(storms - 1, 6)), Self.longestCalmSeconds)
  }

  /// Since when it has been noisy.
  var noisySince: MonotonicTime? { storm?.began }
}
