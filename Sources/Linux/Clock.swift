import Glibc

/// Nanoseconds of `CLOCK_MONOTONIC`: for durations and deadlines, untouched by clock changes.
public struct MonotonicTime: Hashable, Comparable, Sendable {
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  public static var now: MonotonicTime {
    MonotonicTime(nanoseconds: read(CLOCK_MONOTONIC))
  }

  public static func < (left: MonotonicTime, right: MonotonicTime) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  public func advanced(bySeconds seconds: Double) -> MonotonicTime {
    MonotonicTime(nanoseconds: nanoseconds + Int64(seconds * 1e9))
  }

  public func microseconds(since earlier: MonotonicTime) -> Int {
    Int((nanoseconds - earlier.nanoseconds) / 1000)
  }

  fileprivate static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

/// Nanoseconds of processor time that this thread has used: what a piece of work costs, however busy
/// the host is with other things.
public struct ThreadTime: Sendable {
  private let nanoseconds: Int64

  public static var now: ThreadTime {
    ThreadTime(nanoseconds: MonotonicTime.read(CLOCK_THREAD_CPUTIME_ID))
  }

  /// With a fraction.
  public func microseconds(since earlier: ThreadTime) -> Double {
    Double(nanoseconds - earlier.nanoseconds) / 1000
  }
}

/// Microseconds of UTC since 1970: for records that people and other hosts read.
public struct WallTime: Hashable, Comparable, Sendable {
  public var microseconds: Int64

  public init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  public static var now: WallTime {
    WallTime(microseconds: MonotonicTime.read(CLOCK_REALTIME) / 1000)
  }

  public static func < (left: WallTime, right: WallTime) -> Bool {
    left.microseconds < right.microseconds
  }

  public func advanced(byMinutes minutes: Int) -> WallTime {
    WallTime(microseconds: microseconds + Int64(minutes) * 60_000_000)
  }

  /// RFC 3339 in UTC with microseconds, such as `2026-01-31T09:30:00.000000Z`.
  public var rfc3339: String {
    var seconds = time_t(microseconds / 1_000_000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func padded(_ number: some BinaryInteger, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(width - digits.utf8.count, 0)) + digits
    }
    let date =
      "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))"
    let time = "\(padded(parts.tm_hour, 2)):\(padded(parts.tm_min, 2)):\(padded(parts.tm_sec, 2))"
    return "\(date)T\(time).\(padded(microseconds % 1_000_000, 6))Z"
  }
}
