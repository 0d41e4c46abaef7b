import Glibc
import Ledger
import Linux
import MCPConfig
import Reporting

/// Reads a ledger's folder for a report, and verifies its chain.
enum LedgerFiles {
  /// - Parameter anchors: heads from elsewhere, which the chain must have.
  static func read(
    _ folder: String, into reading: inout ReportReading, _ period: ReportPeriod,
    anchors: [LedgerHead] = []
  ) throws(Failure) {
    let path = FilePath(folder)
    let before = reading
    var attempts = 0
    while true {
      do throws(SystemError) {
        try walk(path, into: &reading, period)
        reading.ledger = LedgerCheck(try LedgerFolder.verify(path: path, anchors: anchors))
        break
      } catch {
        // A file went meanwhile: it was too old.
        attempts += 1
        guard error.errno == ENOENT, attempts < 5, FileStatus.ofTrusted(path) != nil else {
          throw Failure(error, folder)
        }
        reading = before
      }
    }
    guard reading.ledger?.files ?? 0 > 0 else {
      throw Failure(.badInput, "\(ByteString(folder).escaped) holds no ledger")
    }
  }

  private static func walk(
    _ path: FilePath, into reading: inout ReportReading, _ period: ReportPeriod
  ) throws(SystemError) {
    let cursor = try LedgerCursor(LedgerFolder(path: path), since: LedgerDay(of: period.since))
    let last = LedgerDay(of: period.readUntil)
    var file = path
    var isWanted = true
    while let event = try cursor.next() {
      switch event {
      case .began(let name):
        file = path.appending(name.path)
        isWanted = name.day <= last
      case .line(let line):
        guard isWanted else { break }
        if let record = ReportRecord(ledgerLine: line) {
          reading.tally.add(record)
        } else {
          reading.tally.addUnreadable()
        }
      case .unfinished: if isWanted { reading.tally.addUnreadable() }
      case .damaged(let reason): if isWanted { reading.leaveOut(file.text, reason) }
      case .ended: break
      }
    }
  }
}

extension LedgerCheck {
  fileprivate init(_ report: LedgerReport) {
    let head =
      report.last.seq == 0
      ? nil
      : AnchoredHead(sequence: report.last.seq, hash: ByteString(report.last.hash.hexadecimal))
    var findings = report.findings.map { finding in
      let place = finding.line.map { "\(finding.file):\($0)" } ?? finding.file
      return "\(finding.kind.rawValue) \(place): \(finding.message)"
    }
    if report.findingCount > findings.count {
      findings.append("and \(report.findingCount - findings.count) more")
    }
    self.init(
      records: report.records, files: report.files, head: head, findings: findings,
      headsHeld: report.anchorsHeld)
  }
}
