import Linux
import Reporting

/// The period of a report, as people write it.
enum ReportTime {
  static let words = "no time such as 30d, 12h, 2026-01-31 or 2026-01-31T18:00:00Z"

  /// A day stands for its start.
  static func since(_ text: String, now: WallTime) -> WallTime? {
    time(text, now: now) ?? day(text)
  }

  /// A day stands for its end.
  static func until(_ text: String, now: WallTime) -> WallTime? {
    time(text, now: now) ?? day(text)?.advanced(byMinutes: 24 * 60)
  }

  private static func day(_ text: String) -> WallTime? { WallTime(rfc3339: text + "T00:00:00Z") }

  /// So long ago, or a time.
  private static func time(_ text: String, now: WallTime) -> WallTime? {
    WallTime(rfc3339: text)
      ?? TimeSpan.minutes(text, units: "hdw").map { now.advanced(byMinutes: -$0) }
  }
}
