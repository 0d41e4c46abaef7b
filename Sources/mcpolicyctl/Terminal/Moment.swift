import Glibc
import Linux

/// A time as the daemon writes it, for people.
enum Moment {
  /// `2026-01-31 09:30:00Z (3 min ago)`; what isn't a time is shown as it is.
  static func text(_ rfc3339: String, now: WallTime) -> String {
    guard let time = WallTime(rfc3339: rfc3339) else { return rfc3339 }
    return "\(absolute(rfc3339)) (\(age(of: time, now: now)))"
  }

  static func age(of time: WallTime, now: WallTime) -> String {
    let seconds = (now.microseconds - time.microseconds) / 1_000_000
    if -1...1 ~= seconds { return "just now" }
    let amount =
      switch abs(seconds) {
      case ..<120: "\(abs(seconds)) s"
      case ..<(120 * 60): "\(abs(seconds) / 60) min"
      case ..<(48 * 3600): "\(abs(seconds) / 3600) h"
      default: "\(abs(seconds) / 86_400) d"
      }
    return seconds < 0 ? "in \(amount)" : "\(amount) ago"
  }

  private static func absolute(_ rfc3339: String) -> String {
    "\(rfc3339.prefix(10)) \(rfc3339.dropFirst(11).prefix(8))Z"
  }

  /// Microseconds in the unit that reads best.
  static func duration(_ microseconds: Int) -> String {
    switch microseconds {
    case ..<1000: "\(microseconds) µs"
    case ..<1_000_000: "\(tenths(microseconds, of: 1000)) ms"
    default: "\(tenths(microseconds, of: 1_000_000)) s"
    }
  }

  private static func tenths(_ amount: Int, of unit: Int) -> String {
    "\(amount / unit).\(amount % unit * 10 / unit)"
  }
}
