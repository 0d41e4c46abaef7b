/// Whole seconds of UTC since 1970, as policies write times: `2026-01-31`, which is its first moment, or
/// `2026-01-31T09:30:00Z`.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
  public var seconds: Int64

  public init(seconds: Int64) {
    self.seconds = seconds
  }

  /// Nil for any other form, and for a time that no calendar has.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    let form = bytes.count == 10 ? "0000-00-00" : "0000-00-00T00:00:00Z"
    guard bytes.count == form.utf8.count else { return nil }
    var numbers: [Int64] = []
    var isInNumber = false
    for (byte, wanted) in zip(bytes, form.utf8) {
      guard wanted == UInt8(ascii: "0") else {
        guard byte == wanted else { return nil }
        isInNumber = false
        continue
      }
      guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
      if !isInNumber { numbers.append(0) }
      isInNumber = true
      numbers[numbers.count - 1] = numbers[numbers.count - 1] * 10 + Int64(byte - 0x30)
    }
    numbers += [Int64](repeating: 0, count: 6 - numbers.count)
    let (year, month, day) = (numbers[0], numbers[1], numbers[2])
    guard year >= 1970, 1...12 ~= month, 1...Self.days(in: month, of: year) ~= day,
      numbers[3] < 24, numbers[4] < 60, numbers[5] < 60
    else { return nil }
    let days = Self.days(before: year) + (1..<month).reduce(0) { $0 + Self.days(in: $1, of: year) }
    seconds = (days + day - 1) * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5]
  }

  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.seconds < right.seconds }

  public var description: String {
    let days = seconds / 86_400
    var year = 1970 + days / 366
    while Self.days(before: year + 1) <= days { year += 1 }
    var day = days - Self.days(before: year)
    var month: Int64 = 1
    while day >= Self.days(in: month, of: year) {
      day -= Self.days(in: month, of: year)
      month += 1
    }
    let time = seconds % 86_400
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(two(month))-\(two(day + 1))"
      + "T\(two(time / 3600)):\(two(time / 60 % 60)):\(two(time % 60))Z"
  }

  /// From 1970 to the start of the year.
  private static func days(before year: Int64) -> Int64 {
    let last = year - 1
    return (year - 1970) * 365 + (last / 4 - last / 100 + last / 400) - 477
  }

  private static func days(in month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
