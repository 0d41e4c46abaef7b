import Glibc
import Linux

/// A time as the daemon writes it, for people.
enum Moment {
  /// `2026-01-31 09:30:00Z (3 min ago)`; what isn't a time is shown as it is.
  static func text(_ rfc3339: String, now: WallTime) -> String {
    guard let time = parse(rfc3339) else { return rfc3339 }
    return "\(absolute(rfc3339)) (\(age(of: time, now: now)))"
  }

  /// RFC 3339 in UTC, with or without a fraction.
  static func parse(_ text: String) -> WallTime? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z") else { return nil }
    let pattern = Array("0000-00-00T00:00:00".utf8)
    for (byte, wanted) in zip(bytes, pattern) {
      let isDigit = UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
      guard wanted == UInt8(ascii: "0") ? isDigit : byte == wanted else { return nil }
    }
    func number(_ range: Range<Int>) -> Int32 {
      bytes[range].reduce(0) { $0 * 10 + Int32($1 - UInt8(ascii: "0")) }
    }
    var parts = tm()
    parts.tm_year = number(0..<4) - 1900
    parts.tm_mon = number(5..<7) - 1
    parts.tm_mday = number(8..<10)
    parts.tm_hour = number(11..<13)
    parts.tm_min = number(14..<16)
    parts.tm_sec = number(17..<19)
    return WallTime(microseconds: Int64(timegm(&parts)) * 1_000_000)
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
