/// A span of time as people write it: a number and a unit, such as 8h or 30d.
enum TimeSpan {
  private static let minutes: [Character: Int] = ["m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60]

  /// In minutes; nil for any other text, and for a unit that isn't one of these.
  static func minutes(_ text: String, units: String) -> Int? {
    guard let unit = text.last, units.contains(unit), let each = minutes[unit],
      let amount = Int(text.dropLast()), amount > 0, amount <= 100_000,
      text.utf8.first != UInt8(ascii: "+")
    else { return nil }
    return amount * each
  }
}
