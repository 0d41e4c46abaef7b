import Linux
import MCPConfig

/// The end of a ledger as it was found, and where its chain goes on. Pure: it does nothing.
struct LedgerTail {
  enum Last {
    /// There is no record.
    case nothing
    /// The last whole line isn't an intact record.
    case damaged
    case record(LedgerHead)
  }

  private let head: LedgerFolder.Head
  private var last = Last.nothing
  /// The records at the end that are intact, by number.
  private var hashes: [Int: SHA256Digest] = [:]
  private var follow = true

  /// - Parameters:
  ///   - lines: the last ones, the newest last.
  ///   - head: what lies before the record that it names isn't looked at.
  init(lines: [[UInt8]], head: LedgerFolder.Head) {
    self.head = head
    var named = Int.max
    if case .at(let head) = head { named = head.seq }
    var next: LedgerRecord?
    for line in lines.reversed() {
      guard let record = try? LedgerRecord(line: line), record.isIntact else {
        if next == nil { last = .damaged }
        continue
      }
      if let next {
        if next.prev != record.hash || next.seq != record.seq + 1 { follow = false }
      } else if case .nothing = last {
        last = .record(LedgerHead(seq: record.seq, hash: record.hash))
      }
      hashes[record.seq] = record.hash
      next = record
      if record.seq <= named { break }
    }
  }

  /// Where the next record goes, and what is wrong if the chain doesn't end where the head says.
  ///
  /// What is wrong stays to be seen: the next record follows what the head named.
  var next: (head: LedgerHead, complaint: String?) {
    let newest = hashes.max { $0.key < $1.key }.map { LedgerHead(seq: $0.key, hash: $0.value) }
    switch (last, head) {
    case (.nothing, .missing): return (.none, nil)
    case (.nothing, .at(let head)):
      return (head, head.seq == 0 ? nil : "it has no record, and its head names record \(head.seq)")
    case (.nothing, .damaged): return (.none, "its head isn't what was written")
    case (.damaged, .at(let head)): return (head, "its last line isn't the record that was written")
    case (.damaged, _): return (newest ?? .none, "its last line isn't the record that was written")
    case (.record(let last), .missing): return (last, "its head is missing")
    case (.record(let last), .damaged): return (last, "its head isn't what was written")
    case (.record(let last), .at(let head)) where head.seq > last.seq:
      return (head, "its head names record \(head.seq), and the last one is \(last.seq)")
    case (.record(let last), .at(let head)):
      if hashes[head.seq] == head.hash || head.seq == 0 && hashes[1] != nil {
        return (last, follow ? nil : "its last records don't follow one another")
      }
      return (
        LedgerHead(seq: last.seq, hash: head.hash),
        "record \(head.seq) isn't the one that its head names"
      )
    }
  }
}
