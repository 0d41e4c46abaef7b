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
    if let time = WallTime(rfc3339: text) { return time }
    guard let unit = text.utf8.last, let amount = Int(text.dropLast()), amount > 0,
      amount <= 100_000, text.utf8.first != UInt8(ascii: "+")
    else { return nil }
    switch unit {
    case UInt8(ascii: "h"): return now.advanced(byMinutes: -amount * 60)
    case UInt8(ascii: "d"): return now.advanced(byMinutes: -amount * 24 * 60)
    case UInt8(ascii: "w"): return now.advanced(byMinutes: -amount * 7 * 24 * 60)
    default: return nil
    }
  }
}
