import Linux

/// How much of the loop's time the calls of one user may take. Pure: it does nothing.
///
/// A user who asks without end is answered in their own time, not in that of the targets.
struct CallBudget {
  private var accounts: [UInt32: Credit] = [:]

  private struct Credit {
    /// Microseconds.
    var left: Double
    var at: MonotonicTime
  }

  /// The part of the loop's time that one user may take for good.
  static let share = 0.03
  /// Microseconds that they may take at once.
  static let most = 30_000.0
  /// Above so many, users who have all their credit are forgotten.
  private static let accountLimit = 1024

  /// Takes what a call cost; root isn't held back.
  mutating func spend(_ microseconds: Double, by uid: UInt32, at now: MonotonicTime) {
    guard uid != 0 else { return }
    if accounts.count >= Self.accountLimit, accounts[uid] == nil { forgetFull(at: now) }
    accounts[uid] = Credit(left: credit(of: uid, at: now) - microseconds, at: now)
  }

  /// Until when a user who spent too much is to wait; nil if they may call.
  func rest(of uid: UInt32, at now: MonotonicTime) -> MonotonicTime? {
    let left = credit(of: uid, at: now)
    guard left < 0 else { return nil }
    return now.advanced(bySeconds: -left / Self.share / 1e6 + 0.0001)
  }

  private func credit(of uid: UInt32, at now: MonotonicTime) -> Double {
    guard let account = accounts[uid] else { return Self.most }
    let earned = Double(max(now.microseconds(since: account.at), 0)) * Self.share
    return min(account.left + earned, Self.most)
  }

  private mutating func forgetFull(at now: MonotonicTime) {
    accounts = accounts.filter { credit(of: $0.key, at: now) < Self.most }
  }
}
