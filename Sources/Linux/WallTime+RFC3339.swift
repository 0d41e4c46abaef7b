import Glibc

extension WallTime {
  /// A time in UTC such as `2026-01-31T09:30:00Z`, with a fraction of up to six digits or none; nil
  /// for any other form, and for a time that no calendar has.
  public init?(rfc3339 text: String) {
    let bytes = Array(text.utf8)
    guard (20...27).contains(bytes.count), bytes.last == UInt8(ascii: "Z") else { return nil }
    for (byte, wanted) in zip(bytes, "0000-00-00T00:00:00".utf8) {
      guard wanted == UInt8(ascii: "0") ? Self.isDigit(byte) : byte == wanted else { return nil }
    }
    let fraction = bytes[19...].dropLast()
    guard fraction.isEmpty || fraction.count > 1 && fraction.first == UInt8(ascii: "."),
      fraction.dropFirst().allSatisfy(Self.isDigit)
    else { return nil }

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
    var digits = fraction.dropFirst().map { Int64($0 - UInt8(ascii: "0")) }
    digits += [Int64](repeating: 0, count: 6 - digits.count)
    self.init(
      microseconds: Int64(timegm(&parts)) * 1_000_000 + digits.reduce(0) { $0 * 10 + $1 })
    // timegm makes the 1st of March of the 29th of February.
    guard microseconds >= 0, rfc3339.utf8.prefix(19).elementsEqual(bytes[..<19]) else {
      return nil
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }

  public func advanced(bySeconds seconds: Int) -> WallTime {
    WallTime(microseconds: microseconds + Int64(seconds) * 1_000_000)
  }
}
