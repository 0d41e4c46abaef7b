/// The report for people.
struct Table {
  private let report: Report

  init(_ report: Report) { self.report = report }

  var text: String {
    let header = ["tampering", "rounds", "missed"] + Row.figureNames.map { "\($0) µs" }
    var lines = ["", Self.line(header)]
    lines += report.results.rows.map(Self.line)
    lines.append(Self.line(report.results.overall))
    if report.options.burst > 1 {
      let burst = Row("burst of \(report.options.burst)", report.results.bursts, missed: 0)
      lines.append(Self.line(burst))
    }
    lines.append("")
    if let median = report.results.overall.percentile(50) {
      lines.append("overall median: \(Self.microseconds(median)) µs")
    }
    lines += report.results.wrongLater.map { "wrong later: \($0)" }
    lines += report.leftBehind.map { "left behind: \($0)" }
    lines.append("daemon's exit: \(report.daemonExit)")
    lines.append(report.passed ? "passed" : "FAILED")
    return lines.joined(separator: "\n")
  }

  private static func line(_ row: Row) -> String {
    line([row.name, String(row.rounds), String(row.missed)] + row.figures.map(microseconds))
  }

  private static func line(_ cells: [String]) -> String {
    cells.enumerated().map { index, cell in
      let room = String(repeating: " ", count: max(0, (index == 0 ? 18 : 10) - cell.count))
      return index == 0 ? cell + room : room + cell
    }.joined()
  }

  static func microseconds(_ nanoseconds: UInt64?) -> String {
    guard let nanoseconds else { return "-" }
    let tenths = (nanoseconds + 50) / 100
    return "\(tenths / 10).\(tenths % 10)"
  }

  static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
