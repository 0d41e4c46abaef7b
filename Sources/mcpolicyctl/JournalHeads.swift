import CSystemd
import Ledger
import MCPConfig

/// The ledger's heads that the daemon wrote into this host's journal.
enum JournalHeads {
  /// More than three years of them.
  private static let limit = 32_768

  /// The newest ones; nil if the journal can't be read.
  static func all() -> [LedgerHead]? {
    var opened: OpaquePointer?
    guard sd_journal_open(&opened, Int32(SD_JOURNAL_LOCAL_ONLY)) >= 0, let journal = opened
    else { return nil }
    defer { sd_journal_close(journal) }
    // The unit is journald's own word: anyone can write an entry with the daemon's fields.
    for match in ["_SYSTEMD_UNIT=mcpolicyd.service", "MESSAGE_ID=\(LedgerHead.messageID)"] {
      let bytes = Array(match.utf8)
      guard sd_journal_add_match(journal, bytes, bytes.count) >= 0 else { return nil }
    }
    guard sd_journal_seek_tail(journal) >= 0 else { return nil }
    var heads: [LedgerHead] = []
    while heads.count < limit, sd_journal_previous(journal) > 0 {
      guard let seq = field("MCPOLICY_LEDGER_SEQ", journal),
        let hash = field("MCPOLICY_LEDGER_HEAD", journal), let head = LedgerHead("\(seq):\(hash)")
      else { continue }
      heads.append(head)
    }
    return heads
  }

  private static func field(_ name: String, _ journal: OpaquePointer) -> String? {
    var data: UnsafeRawPointer?
    var length = 0
    guard sd_journal_get_data(journal, name, &data, &length) >= 0, let start = data,
      length > name.utf8.count
    else { return nil }
    let bytes = UnsafeRawBufferPointer(start: start, count: length)
    return String(decoding: bytes.dropFirst(name.utf8.count + 1), as: UTF8.self)
  }
}
