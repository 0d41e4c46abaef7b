import Linux
import Policy

/// Figures for people.
enum ReportText {
  /// `12,345`
  static func number(_ number: Int) -> String {
    let digits = Array(String(abs(number)))
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// Microseconds in the unit that reads best.
  static func duration(_ microseconds: Int) -> String {
    switch microseconds {
    case ..<1000: "\(microseconds) µs"
    case ..<1_000_000: "\(tenths(microseconds, of: 1000)) ms"
    default: "\(tenths(microseconds, of: 1_000_000)) s"
    }
  }

  static func duration(seconds: Int) -> String {
    switch seconds {
    case ..<60: "\(seconds) s"
    case ..<3600: "\(seconds / 60) min"
    default:
      seconds % 3600 < 60 ? "\(seconds / 3600) h" : "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    }
  }

  private static func tenths(_ amount: Int, of unit: Int) -> String {
    "\(number(amount / unit)).\(amount % unit * 10 / unit)"
  }

  /// `97.4 %`, cut, not rounded: only all of all is 100 %.
  static func share(_ part: Int, of whole: Int) -> String {
    guard whole > 0 else { return "–" }
    let tenths = part.multipliedFullWidth(by: 1000)
    let share = whole.dividingFullWidth(tenths).quotient
    return part == whole ? "100 %" : "\(share / 10).\(share % 10) %"
  }

  /// `2026-01-31`
  static func day(_ time: WallTime) -> String { String(time.rfc3339.prefix(10)) }

  /// `2026-01-31 09:30 UTC`
  static func minute(_ time: WallTime) -> String {
    "\(day(time)) \(time.rfc3339.dropFirst(11).prefix(5)) UTC"
  }

  static func within(_ minutes: Int) -> String {
    minutes < 60 ? "\(minutes) min" : "\(minutes / 60) h"
  }

  /// Of the durations that `TimeHistogram.bands` counts.
  static let bands = [
    "up to 100 µs", "up to 1 ms", "up to 10 ms", "up to 100 ms", "up to 1 s", "longer",
  ]

  static let severities = Severity.allCases.reversed()

  /// The period's end as a day people name: the last one in it.
  static func period(_ header: ReportDocument.Header) -> String {
    let isWhole = [header.since, header.until].allSatisfy {
      $0.microseconds % Day.microseconds == 0
    }
    if isWhole {
      let last = WallTime(microseconds: header.until.microseconds - 1)
      return "\(day(header.since)) to \(day(last))"
    }
    return "\(minute(header.since)) to \(minute(header.until))"
  }

  /// What is said of figures that aren't the whole.
  static func cautions(_ report: ReportDocument) -> [String] {
    var cautions: [String] = []
    let incidents = report.incidents
    let records = report.records
    if let user = report.header.user {
      cautions.append("Limited to the incidents and changes of user \(user).")
    }
    if incidents.repeated > 0 {
      cautions.append(
        "\(amount(incidents.repeated, "record")) told an incident again and counted once.")
    }
    if records.unreadable > 0 {
      cautions.append(
        "What could not be read as a record: \(number(records.unreadable)); it counts nowhere.")
    }
    for file in records.unreadableFiles {
      cautions.append("Not read, so not in the figures: \(file).")
    }
    if records.dropped > 0 {
      cautions.append(
        "\(amount(records.dropped, "record")) dropped by a host when too much came at once.")
    }
    if incidents.byUser.isCut || incidents.byServer.isCut {
      cautions.append(
        "There were too many names to list: those that came least often are summed up.")
    }
    if records.hostsNotListed.total > 0 {
      cautions.append(
        "There were too many hosts to list; the incidents of the rest count in the sums.")
    }
    if report.changes.notListed > 0 {
      cautions.append("\(amount(report.changes.notListed, "change")) counted but not listed.")
    }
    if report.inventory.isCut { cautions.append("The inventory was too large to be listed whole.") }
    if report.response.notCounted > 0 {
      cautions.append("\(amount(report.response.notCounted, "response")) not matched: too many.")
    }
    return cautions
  }
}
