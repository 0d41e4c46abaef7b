import MCPConfig

/// Heads that were written down elsewhere, as in the journal of another host, held against the chain.
/// Pure: it does nothing.
struct LedgerAnchors {
  private var waiting: [Int: Set<SHA256Digest>] = [:]
  private(set) var held = 0
  private(set) var notes: [String] = []

  init(_ heads: [LedgerHead]) {
    for head in heads where head.seq > 0 { waiting[head.seq, default: []].insert(head.hash) }
  }

  mutating func take(_ record: LedgerRecord, at place: LedgerPlace) -> [LedgerFinding] {
    guard let hashes = waiting.removeValue(forKey: record.seq) else { return [] }
    return hashes.sorted { $0.hexadecimal < $1.hexadecimal }.compactMap { hash in
      if hash == record.digest {
        held += 1
        return nil
      }
      return LedgerFinding(
        .anchor, place.file, place.line,
        "record \(record.seq) isn't the one that was written down elsewhere as \(hash)")
    }
  }

  /// - Parameter removed: the hash of each record up to which retention removed files.
  mutating func end(
    first: Int?, last: LedgerHead, removed: [Int: SHA256Digest]
  ) -> [LedgerFinding] {
    var tooOld = 0
    var findings: [LedgerFinding] = []
    for (seq, hashes) in waiting.sorted(by: { $0.key < $1.key }) {
      if let first, seq < first {
        if let hash = removed[seq], hashes == [hash] { held += 1 } else { tooOld += 1 }
        continue
      }
      for hash in hashes.sorted(by: { $0.hexadecimal < $1.hexadecimal }) {
        findings.append(
          LedgerFinding(
            seq > last.seq ? .cutOff : .anchor, LedgerHead.fileName, nil,
            "record \(seq), which was written down elsewhere as \(hash), isn't in the ledger"))
      }
    }
    if tooOld > 0 { notes.append("\(tooOld) heads from elsewhere are older than the first record") }
    return findings
  }
}
