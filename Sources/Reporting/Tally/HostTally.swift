import Linux
import MCPConfig
import Policy

/// What one host recorded.
struct HostTally {
  var incidents = SeverityCounts()
  var starts = 0
  var first: WallTime?
  var last: WallTime?
  /// The newest head of its ledger that the journal carries.
  var head: AnchoredHead?
  /// The servers of each user.
  var inventory: (at: WallTime, users: [ByteString: [ByteString]])?
  /// A bit for each day of the period with a record.
  private var days: [UInt64]

  init(days count: Int) {
    days = [UInt64](repeating: 0, count: (count + 63) / 64)
  }

  mutating func note(_ time: WallTime, day: Int?) {
    first = min(first ?? time, time)
    last = max(last ?? time, time)
    if let day, day >= 0, day / 64 < days.count { days[day / 64] |= 1 << UInt64(day % 64) }
  }

  var daysWithRecords: Int { days.reduce(0) { $0 + $1.nonzeroBitCount } }
}
