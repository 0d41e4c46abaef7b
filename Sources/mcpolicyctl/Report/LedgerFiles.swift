import Glibc
import Linux
import MCPConfig
import Reporting

/// Reads a ledger's folder for a report: one file a day, a record a line.
enum LedgerFiles {
  /// A record is small; what is longer is none.
  private static let longestLine = 4 << 20

  static func read(_ folder: String, into reading: inout ReportReading, _ period: ReportPeriod)
    throws(Failure)
  {
    let files = try EvidenceFolder.names(folder) { day(of: $0) != nil }
    guard !files.isEmpty else {
      throw Failure(.badInput, "\(ByteString(folder).escaped) holds no ledger")
    }
    for name in files where wanted(name, period) {
      let path = "\(folder)/\(name)"
      guard !name.hasSuffix(".gz") else {
        reading.leaveOut(path, "it is compressed")
        continue
      }
      do throws(SystemError) {
        try read(file: path, into: &reading.tally)
      } catch {
        reading.leaveOut(path, error.reason)
      }
    }
  }

  /// The day in `2026-01-31.jsonl`, in `2026-01-31.2.jsonl`, of a clock that was set back, and in what
  /// was compressed of them.
  static func day(of name: String) -> WallTime? {
    var parts = name.split(separator: ".", omittingEmptySubsequences: false)
    if parts.last == "gz" { parts.removeLast() }
    guard parts.popLast() == "jsonl", (1...2).contains(parts.count),
      parts.count == 1 || Int(parts[1]) != nil
    else { return nil }
    return WallTime(rfc3339: "\(parts[0])T00:00:00Z")
  }

  private static func wanted(_ name: String, _ period: ReportPeriod) -> Bool {
    guard let day = day(of: name) else { return false }
    return period.since < day.advanced(byMinutes: 24 * 60) && day < period.readUntil
  }

  private static func read(file path: String, into tally: inout ReportTally) throws(SystemError) {
    let file = try Descriptor.open(trusted: FilePath(path))
    var line: [UInt8] = []
    var isTooLong = false
    while true {
      // Nil when a signal came in between.
      guard let bytes = try file.readSome(upTo: 1 << 18) else { continue }
      if bytes.isEmpty { break }
      var rest = bytes[...]
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        line += rest[..<end]
        rest = rest[(end + 1)...]
        add(isTooLong ? nil : line, to: &tally)
        line.removeAll(keepingCapacity: true)
        isTooLong = false
      }
      if line.count + rest.count > longestLine {
        isTooLong = true
        line.removeAll()
      } else {
        line += rest
      }
    }
    // A record that was being written; the daemon says of it at its next start.
    if !line.isEmpty || isTooLong { tally.addUnreadable() }
  }

  private static func add(_ line: [UInt8]?, to tally: inout ReportTally) {
    if let record = line.flatMap({ ReportRecord(ledgerLine: $0) }) {
      tally.add(record)
    } else {
      tally.addUnreadable()
    }
  }
}
