import Linux

/// The time that a report is of: from its start up to, but not including, its end.
public struct ReportPeriod: Sendable, Hashable {
  public let since: WallTime
  public let until: WallTime

  /// Days, so that what is counted by day stays small.
  static let longest: Int64 = 3660
  /// The longest class is 24 hours: what comes later than twice that answers no incident of the period.
  static let responseHours = 48

  /// Nil for an end that isn't after the start, and for more than ten years.
  public init?(since: WallTime, until: WallTime) {
    guard since.microseconds >= 0, since < until,
      (until.microseconds - since.microseconds) / Day.microseconds <= Self.longest
    else { return nil }
    self.since = since
    self.until = until
  }

  public func contains(_ time: WallTime) -> Bool { since <= time && time < until }

  /// Until when records are read: an incident is told later than it was discovered, and answered
  /// later still.
  public var readUntil: WallTime { until.advanced(byMinutes: Self.responseHours * 60) }

  var firstDay: Day { Day(of: since) }
  /// The calendar days in UTC that the period touches.
  public var days: [Day] {
    let last = Day(of: WallTime(microseconds: until.microseconds - 1))
    return (firstDay.number...last.number).map { Day(number: $0) }
  }
}

/// A calendar day in UTC.
public struct Day: Hashable, Comparable, Sendable {
  /// Days since 1970-01-01.
  public let number: Int

  static let microseconds: Int64 = 86_400_000_000

  init(number: Int) {
    self.number = number
  }

  init(of time: WallTime) {
    number = Int(time.microseconds / Self.microseconds)
  }

  public static func < (left: Day, right: Day) -> Bool { left.number < right.number }

  /// `2026-01-31`
  public var text: String {
    String(WallTime(microseconds: Int64(number) * Self.microseconds).rfc3339.prefix(10))
  }
}
