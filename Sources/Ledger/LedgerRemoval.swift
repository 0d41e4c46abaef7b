import MCPConfig

/// What a record says of a file that retention removed. Pure: it does nothing.
struct LedgerRemoval: Hashable {
  /// The number of the record that says it.
  var toldBy: Int
  /// Of the last record of the file.
  var lastSeq: Int
  var hash: SHA256Digest
  /// How long files were to be kept then.
  var days: Int

  /// Nil for any other record, and for one that retention can't have written: of what comes later, or of
  /// a file that wasn't old enough.
  init?(_ record: LedgerRecord) {
    guard record.kind == "removed", record.isIntact, let last = record.data["last_seq"]?.integer,
      let hash = record.data["last_hash"]?.string.flatMap(SHA256Digest.init(hexadecimal:)),
      let file = record.data["file"]?.string.flatMap({ LedgerFileName($0.text) }),
      let days = record.data["retention_days"]?.integer, days > 0, last < record.seq,
      // The clock may have been put right by a little in between.
      file.day.number <= LedgerDay(of: record.at).number - days
    else { return nil }
    toldBy = record.seq
    lastSeq = last
    self.hash = hash
    self.days = days
  }
}
