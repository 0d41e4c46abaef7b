import MCPConfig

/// Holds each record against the one before. Pure: it does nothing.
struct LedgerChainCheck {
  private(set) var first: (seq: Int, prev: SHA256Digest)?
  private(set) var firstPlace: LedgerPlace?
  private(set) var last = LedgerHead.none
  private(set) var lastPlace: LedgerPlace?
  /// What the last record says that its hash is, if that isn't so.
  private var claimed: SHA256Digest?
  private var gaps: [Gap] = []
  private var unreadable: [(place: LedgerPlace, reason: String)] = []
  private var knowsUnreadable = true
  private var saidReordered: Set<String> = []

  /// Records that should stand before a place.
  private struct Gap {
    var seqs: ClosedRange<Int>
    var place: LedgerPlace
  }

  /// Above so many, what isn't there isn't looked for any more.
  private static let limit = 1024

  /// A line that is no record: what it was is known by the next one that is.
  mutating func skipUnreadable(
    _ place: LedgerPlace, reason: String = "can't be read", knowsRecords: Bool = true
  ) {
    if !knowsRecords { knowsUnreadable = false }
    if unreadable.count < Self.limit { unreadable.append((place, reason)) }
  }

  mutating func take(_ record: LedgerRecord, at place: LedgerPlace) -> [LedgerFinding] {
    guard first != nil else {
      first = (record.seq, record.prev)
      firstPlace = place
      let findings = foreign()
      advance(record, place)
      return findings
    }
    let next = last.seq + 1
    if record.seq < next { return foreign() + stray(record, place) }
    let missing = record.seq - next
    var findings: [LedgerFinding] = []
    if missing > 0, missing == unreadable.count, knowsUnreadable {
      for (index, line) in unreadable.enumerated() {
        findings.append(
          LedgerFinding(
            .changed, line.place.file, line.place.line,
            "record \(next + index) \(line.reason)"))
      }
      unreadable = []
    } else {
      if knowsUnreadable { findings += foreign() }
      if missing > 0 { findings += open(Gap(seqs: next...(record.seq - 1), place: place)) }
    }
    if missing == 0, record.prev != last.hash, record.prev != claimed {
      findings.append(
        LedgerFinding(
          .changed, place.file, place.line,
          "record \(record.seq) doesn't follow record \(last.seq) as it stands there: "
            + "one of them was changed"))
    }
    advance(record, place)
    return findings
  }

  private mutating func advance(_ record: LedgerRecord, _ place: LedgerPlace) {
    last = LedgerHead(seq: record.seq, hash: record.digest)
    claimed = record.isIntact ? nil : record.hash
    lastPlace = place
    unreadable = []
    knowsUnreadable = true
  }

  private func foreign() -> [LedgerFinding] {
    unreadable.map { line in
      LedgerFinding(.foreign, line.place.file, line.place.line, "the line \(line.reason)")
    }
  }

  /// A record that comes after a later one.
  private mutating func stray(
    _ record: LedgerRecord, _ place: LedgerPlace
  ) -> [LedgerFinding] {
    unreadable = []
    guard let index = gaps.firstIndex(where: { $0.seqs.contains(record.seq) }) else {
      return [
        LedgerFinding(
          .foreign, place.file, place.line,
          "record \(record.seq) stands here after record \(last.seq)")
      ]
    }
    let gap = gaps.remove(at: index)
    if gap.seqs.lowerBound < record.seq {
      gaps.append(Gap(seqs: gap.seqs.lowerBound...(record.seq - 1), place: gap.place))
    }
    if gap.seqs.upperBound > record.seq {
      gaps.append(Gap(seqs: (record.seq + 1)...gap.seqs.upperBound, place: gap.place))
    }
    // Once a file: where one is out of its place, those behind it seem to be, too.
    guard saidReordered.insert(place.file).inserted else { return [] }
    return [
      LedgerFinding(
        .reordered, place.file, place.line,
        "record \(record.seq) stands after record \(last.seq)")
    ]
  }

  private mutating func open(_ gap: Gap) -> [LedgerFinding] {
    if gaps.count >= Self.limit { return [Self.finding(gap)] }
    gaps.append(gap)
    return []
  }

  private static func finding(_ gap: Gap) -> LedgerFinding {
    let (from, to) = (gap.seqs.lowerBound, gap.seqs.upperBound)
    return LedgerFinding(
      .removed, gap.place.file, gap.place.line,
      from == to
        ? "record \(from) is missing before this line"
        : "records \(from) to \(to) are missing before this line")
  }

  /// What no later line explained.
  mutating func end() -> [LedgerFinding] {
    defer { unreadable = [] }
    return (knowsUnreadable ? foreign() : []) + gaps.map(Self.finding)
  }
}
