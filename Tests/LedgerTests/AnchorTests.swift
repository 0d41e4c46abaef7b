import Linux
import MCPConfig
import Support
import Testing

@testable import Ledger

/// Heads that left the host, against what a ledger says of itself.
@Suite struct AnchorTests {
  private static let strange = SHA256Digest(of: Array("nobody's".utf8))

  /// A ledger of five records a day, and the head after each of them.
  private func made() throws -> (ledger: TestLedger, heads: [LedgerHead]) {
    let ledger = try TestLedger.make(days: 0..<4, records: 5, compressed: false)
    let heads = try (0..<4).flatMap { day in
      try ledger.lines(TestLedger.name(day)).map {
        let record = try LedgerRecord(line: $0)
        return LedgerHead(seq: record.seq, hash: record.hash)
      }
    }
    return (ledger, heads)
  }

  /// A chain of today that begins with the record that says that all before was removed.
  private func forged(behind head: LedgerHead, file: String) throws -> TestLedger {
    let ledger = TestLedger()
    var head = head
    let removed: JSON = [
      "file": .text(file), "first_seq": 1, "last_seq": .int(head.seq),
      "last_hash": .text(head.hash.hexadecimal), "retention_days": 1,
    ]
    var lines: [[UInt8]] = []
    for draft in [
      LedgerDraft(.removed, removed, at: TestLedger.time(day: 30)),
      LedgerDraft(.stop, ["reason": "SIGTERM"], at: TestLedger.time(day: 30, seconds: 1)),
    ] {
      lines.append(head.append(draft, host: "host-1").dropLast())
    }
    ledger.write(TestLedger.name(30), lines: lines)
    ledger.write("head", head.fileBytes)
    return ledger
  }

  /// It is fine by itself, and so no word of it counts against a head.
  @Test func aForgedRemovalExcusesNoHead() throws {
    let (old, heads) = try made()
    #expect(try old.report(heads).anchorsHeld == heads.count)
    let newest = try #require(heads.last)
    let forged = try forged(behind: newest, file: TestLedger.name(3, compressed: true))
    #expect(try forged.report().isIntact)
    let own = try #require(LedgerHead("\(try forgedHead(forged))"))
    for anchors in [[heads[3]], [newest], heads, heads + [own]] {
      let report = try forged.report(anchors)
      #expect(!report.isIntact, "\(anchors.count) heads")
      #expect(report.findings.allSatisfy { $0.kind == .anchor })
    }
    #expect(try forged.report([LedgerHead(seq: 3, hash: Self.strange), own]).findingCount == 1)
  }

  private func forgedHead(_ ledger: TestLedger) throws -> LedgerHead {
    try #require(LedgerHead(fileBytes: try ledger.bytes("head")))
  }

  @Test func whatRetentionRemovedIsShownByHeadsBeforeAndAfter() throws {
    let (ledger, heads) = try made()
    var store = try ledger.store()
    try store.run(
      .remove(try #require(LedgerFileName(TestLedger.name(0)))), retentionDays: 2
    ) { false }
    let after = store.durable
    let report = try ledger.report(heads + [after])
    #expect(report.isIntact && report.anchorsHeld == 16, "\(report.findings)")
    #expect(
      report.notes.contains(
        "5 heads from elsewhere are of records that were removed because they were too old"))
    // Without the head after it, the record is the ledger's word alone; without the one before, too.
    for anchors in [heads, [heads[2]], [heads[2], after]] {
      #expect(try ledger.report(anchors).findings.contains { $0.kind == .anchor })
    }
    #expect(try ledger.report([heads[2], heads[12], after]).isIntact)
    // The last record of the file is known.
    let other = LedgerHead(seq: 5, hash: Self.strange)
    #expect(
      try ledger.report([other, heads[12], after]).findings.map(\.message) == [
        "record 5, which was written down elsewhere as \(Self.strange), isn't the one that was removed"
      ])
  }

  /// Retention removes what is older than it says.
  @Test func aRemovalOfWhatWasNotOldIsNone() throws {
    let (_, heads) = try made()
    let newest = try #require(heads.last)
    for (day, isOld) in [(29, true), (30, false), (31, false)] {
      let ledger = try forged(behind: newest, file: TestLedger.name(day, compressed: true))
      #expect(try ledger.report().isIntact == isOld, "\(day)")
    }
    #expect(try !forged(behind: newest, file: "head").report().isIntact)
  }
}
