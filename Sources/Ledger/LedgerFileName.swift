import Linux

/// The name of one file of the ledger: the UTC day of its first record.
///
/// A clock that is set back more than a day may come to a day that has its file already; then the
/// day's next file has a number.
public struct LedgerFileName: Hashable, Sendable {
  public var day: LedgerDay
  /// From 1, which isn't spelled.
  public var number: Int
  public var isCompressed: Bool

  init(day: LedgerDay, number: Int = 1, isCompressed: Bool = false) {
    self.day = day
    self.number = number
    self.isCompressed = isCompressed
  }

  public var text: String {
    "\(day)\(number > 1 ? ".\(number)" : "").jsonl\(isCompressed ? ".gz" : "")"
  }

  public var path: FilePath { FilePath(text) }

  /// Nil for any other name, and any other spelling of this one.
  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let first = parts.first, let day = LedgerDay(first) else { return nil }
    let isCompressed = parts.last == "gz"
    let rest = parts.dropFirst().dropLast(isCompressed ? 1 : 0)
    guard rest.last == "jsonl" else { return nil }
    let number = rest.count == 1 ? 1 : Int(rest.first ?? "")
    guard let number, rest.count <= 2 else { return nil }
    self.init(day: day, number: number, isCompressed: isCompressed)
    guard self.text.utf8.elementsEqual(text.utf8) else { return nil }
  }

  var compressed: LedgerFileName {
    LedgerFileName(day: day, number: number, isCompressed: true)
  }
  var plain: LedgerFileName { LedgerFileName(day: day, number: number) }
}

extension LedgerFileName: Comparable {
  public static func < (left: LedgerFileName, right: LedgerFileName) -> Bool {
    (left.day, left.number) < (right.day, right.number)
  }
}

/// A day of UTC.
public struct LedgerDay: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Since 1970.
  public var number: Int

  init(number: Int) {
    self.number = number
  }

  public init(of time: WallTime) {
    number = Int((time.microseconds / Self.length))
  }

  init?(_ text: String) {
    guard text.utf8.count == 10, let time = WallTime(rfc3339: "\(text)T00:00:00Z") else {
      return nil
    }
    self.init(of: time)
  }

  var start: WallTime { WallTime(microseconds: Int64(number) * Self.length) }

  public var description: String { String(start.rfc3339.prefix(10)) }

  public static func < (left: LedgerDay, right: LedgerDay) -> Bool { left.number < right.number }

  private static let length: Int64 = 86_400_000_000

  /// Whether a record of that time may stand in a file of this day. A clock that is put right by a
  /// little, as at midnight, makes no new file.
  func takes(_ time: WallTime) -> Bool {
    let day = LedgerDay(of: time)
    return day == self || time < start && time.microseconds >= start.microseconds - Self.length
  }
}
