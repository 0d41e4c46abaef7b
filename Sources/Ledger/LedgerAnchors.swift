import MCPConfig

/// Heads that were written down elsewhere, as in the journal of another host, held against the chain.
/// Pure: it does nothing.
///
/// What the ledger says of itself excuses none of them by itself: who writes the ledger anew writes
/// that, too. A head that is older than the first record is excused only if the record that says so
/// stands behind one head that the chain has, and not behind the last one: so it belongs to a chain
/// that was seen before and after.
struct LedgerAnchors {
  private var waiting: [Int: Set<SHA256Digest>] = [:]
  private(set) var held = 0
  private(set) var notes: [String] = []
  /// The first and the last record that a head names as it stands there.
  private var shown: ClosedRange<Int>?

  init(_ heads: [LedgerHead]) {
    for head in heads where head.seq > 0 { waiting[head.seq, default: []].insert(head.hash) }
  }

  mutating func take(_ record: LedgerRecord, at place: LedgerPlace) -> [LedgerFinding] {
    guard let hashes = waiting.removeValue(forKey: record.seq) else { return [] }
    if hashes.contains(record.digest) {
      held += 1
      let bounds = shown ?? record.seq...record.seq
      shown = min(bounds.lowerBound, record.seq)...max(bounds.upperBound, record.seq)
    }
    return Self.sorted(hashes).filter { $0 != record.digest }.map { hash in
      LedgerFinding(
        .anchor, place.file, place.line,
        "record \(record.seq) isn't the one that was written down elsewhere as \(hash)")
    }
  }

  /// - Parameters:
  ///   - first: the first record that is there.
  ///   - removals: what retention removed, by the number of the last record of each.
  mutating func end(
    first: Int?, last: LedgerHead, removals: [Int: LedgerRemoval]
  ) -> [LedgerFinding] {
    let excused = removals.filter { isShown($0.value) }.keys.max() ?? 0
    var tooOld = 0
    var findings: [LedgerFinding] = []
    for (seq, hashes) in waiting.sorted(by: { $0.key < $1.key }) {
      for hash in Self.sorted(hashes) {
        let what = "record \(seq), which was written down elsewhere as \(hash),"
        func add(_ kind: LedgerFinding.Kind, _ reason: String) {
          findings.append(LedgerFinding(kind, LedgerHead.fileName, nil, "\(what) \(reason)"))
        }
        if seq > last.seq {
          add(.cutOff, "isn't in the ledger")
        } else if first.map({ seq >= $0 }) ?? true {
          add(.anchor, "isn't in the ledger")
        } else if let removal = removals[seq], removal.hash != hash {
          add(.anchor, "isn't the one that was removed")
        } else if seq > excused {
          add(
            .anchor,
            "is older than the first one, and what may say that it was removed doesn't stand between "
              + "two heads from elsewhere that the ledger has")
        } else {
          tooOld += 1
        }
      }
    }
    if tooOld > 0 {
      notes.append(
        "\(tooOld) heads from elsewhere are of records that were removed because they were too old")
    }
    return findings
  }

  private func isShown(_ removal: LedgerRemoval) -> Bool {
    shown.map { $0.lowerBound < removal.toldBy && removal.toldBy <= $0.upperBound } ?? false
  }

  private static func sorted(_ hashes: Set<SHA256Digest>) -> [SHA256Digest] {
    hashes.sorted { $0.hexadecimal < $1.hexadecimal }
  }
}
