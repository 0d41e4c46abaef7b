import Glibc
import Linux
import MCPConfig
import Reporting

/// What was read for a report.
struct ReportReading {
  var tally: ReportTally
  /// What is named as the report's source.
  var source: String
  /// Files that could not be read, and why. The report goes on without them, and says so.
  var unreadableFiles: [String] = []
  var ledger: LedgerCheck?

  init(_ period: ReportPeriod, user: String?, source: String) {
    tally = ReportTally(period, user: user)
    self.source = source
  }

  mutating func leaveOut(_ path: String, _ reason: String) {
    // One reason for thousands of files is no help.
    guard unreadableFiles.count < 100 else { return }
    unreadableFiles.append("\(path): \(reason)")
  }
}

/// The files below a folder of evidence.
enum EvidenceFolder {
  /// Names, sorted.
  /// - Throws: `Failure` if the folder can't be listed.
  static func names(_ path: String, where passes: (String) -> Bool) throws(Failure) -> [String] {
    do throws(SystemError) {
      return try Descriptor.open(trusted: FilePath(path)).names { passes($0.text) }.map(\.text)
        .sorted()
    } catch {
      throw Failure(error, path)
    }
  }
}

extension Failure {
  init(_ error: SystemError, _ path: String) {
    let isForbidden = error.isForbidden
    self.init(
      isForbidden ? .notAllowed : .badInput,
      "\(ByteString(path).escaped): \(error.reason)" + (isForbidden ? "; root may read it" : ""))
  }
}

extension SystemError {
  /// Whether only another user may do it.
  var isForbidden: Bool { errno == EACCES || errno == EPERM }
}
