import CSystemd
import Glibc
import Linux
import MCPConfig
import Reporting

/// Reads a folder of journal files for a report, be they this host's or those of a fleet that
/// systemd-journal-remote gathered.
///
/// One file after the other: libsystemd maps what it reads, and would keep parts of all files mapped
/// at once. What stands in two files is told apart by what it says, not by where it stands.
enum JournalFiles {
  static func read(_ folder: String, into reading: inout ReportReading, _ period: ReportPeriod)
    throws(Failure)
  {
    let files = try list(folder)
    guard !files.isEmpty else {
      throw Failure(.badInput, "\(ByteString(folder).escaped) holds no journal files")
    }
    var forbidden = 0
    for file in files {
      do throws(SystemError) {
        try read(file: file, into: &reading.tally, period)
      } catch {
        if error.isForbidden { forbidden += 1 }
        reading.leaveOut(file, error.reason)
      }
    }
    guard forbidden < files.count else {
      throw Failure(
        .notAllowed, "none of the journal files in \(ByteString(folder).escaped) may be read by you"
      )
    }
  }

  /// The journal files in a folder and in those one level below, as journald and
  /// systemd-journal-remote lay them out; or the file that is named itself.
  static func list(_ path: String) throws(Failure) -> [String] {
    if isJournal(path) { return [path] }
    var files: [String] = []
    for name in try EvidenceFolder.names(path, where: { _ in true }) {
      let inner = "\(path)/\(name)"
      if isJournal(name) {
        files.append(inner)
      } else if isFolder(inner) {
        files += try EvidenceFolder.names(inner, where: isJournal).map { "\(inner)/\($0)" }
      }
    }
    return files
  }

  private static func isJournal(_ name: String) -> Bool {
    // With a tilde: journald put it aside because it wasn't closed.
    name.hasSuffix(".journal") || name.hasSuffix(".journal~")
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func read(
    file path: String, into tally: inout ReportTally, _ period: ReportPeriod
  ) throws(SystemError) {
    let journal = try JournalFile(path)
    try journal.matchDaemon()
    guard try journal.holds(since: period.since, until: period.readUntil) else { return }
    try journal.seek(period.since)
    while try journal.next() {
      let time = try journal.time()
      guard time < period.readUntil else { continue }
      if let record = journal.fields().flatMap({ ReportRecord($0, at: time) }) {
        tally.add(record)
      } else {
        tally.addUnreadable()
      }
    }
  }
}

/// One open journal file, and in it the daemon's entries.
private struct JournalFile: ~Copyable {
  private let journal: OpaquePointer
  private let path: String

  /// Longer values aren't unpacked: no name is shown at such length.
  private static let longestValue = 4096

  init(_ path: String) throws(SystemError) {
    var opened: OpaquePointer?
    var paths: [UnsafePointer<CChar>?] = [nil, nil]
    let result = path.withCString { text in
      paths[0] = text
      return sd_journal_open_files(&opened, &paths, 0)
    }
    guard result >= 0, let journal = opened else {
      throw SystemError("open", path, errno: result < 0 ? -result : EIO)
    }
    self.journal = journal
    self.path = path
    sd_journal_set_data_threshold(journal, Self.longestValue)
  }

  /// From now on only what the daemon wrote. The unit is journald's own word: anyone can write an entry
  /// with the daemon's fields.
  borrowing func matchDaemon() throws(SystemError) {
    let match = Array("_SYSTEMD_UNIT=mcpolicyd.service".utf8)
    _ = try checked(sd_journal_add_match(journal, match, match.count), "match")
  }

  deinit {
    sd_journal_close(journal)
  }

  private func checked(_ result: Int32, _ operation: String) throws(SystemError) -> Int32 {
    guard result >= 0 else { throw SystemError(operation, path, errno: -result) }
    return result
  }

  /// Whether any entry lies between these times.
  borrowing func holds(since: WallTime, until: WallTime) throws(SystemError) -> Bool {
    var (first, last): (UInt64, UInt64) = (0, 0)
    guard try checked(sd_journal_get_cutoff_realtime_usec(journal, &first, &last), "look") > 0
    else {
      return false
    }
    return last >= UInt64(since.microseconds) && first < UInt64(until.microseconds)
  }

  borrowing func seek(_ time: WallTime) throws(SystemError) {
    _ = try checked(sd_journal_seek_realtime_usec(journal, UInt64(time.microseconds)), "seek")
  }

  borrowing func next() throws(SystemError) -> Bool {
    try checked(sd_journal_next(journal), "read") > 0
  }

  borrowing func time() throws(SystemError) -> WallTime {
    var time: UInt64 = 0
    _ = try checked(sd_journal_get_realtime_usec(journal, &time), "read")
    return WallTime(microseconds: Int64(clamping: time))
  }

  /// The entry's fields, as far as a report needs them; nil if one can't be read.
  borrowing func fields() -> JournalFields? {
    var fields = JournalFields()
    var data: UnsafeRawPointer?
    var length = 0
    sd_journal_restart_data(journal)
    while true {
      let result = sd_journal_enumerate_data(journal, &data, &length)
      if result == 0 { return fields }
      guard result > 0, let start = data else { return nil }
      fields.take(UnsafeRawBufferPointer(start: start, count: length))
    }
  }
}
