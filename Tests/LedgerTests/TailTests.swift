import Linux
import MCPConfig
import Support
import Testing

@testable import Ledger

/// Where the chain goes on after each way in which it may have ended.
@Suite struct TailTests {
  private let lines: [[UInt8]]
  private let heads: [LedgerHead]

  init() {
    var head = LedgerHead.none
    var lines: [[UInt8]] = []
    var heads = [head]
    for number in 0..<4 {
      lines.append(
        head.append(
          LedgerDraft(.stop, ["n": .int(number)], at: TestLedger.start), host: "h"
        ).dropLast())
      heads.append(head)
    }
    self.lines = lines
    self.heads = heads
  }

  @Test func goesOnBehindTheLastRecord() {
    for named in 1...4 {
      let next = LedgerTail(lines: lines, head: .at(heads[named])).next
      #expect(next.head == heads[4] && next.complaint == nil, "head at \(named)")
    }
    #expect(LedgerTail(lines: [], head: .missing).next == (.none, nil))
    // Killed between the first record and its head.
    #expect(LedgerTail(lines: lines, head: .at(.none)).next == (heads[4], nil))
  }

  @Test func goesOnBehindTheHeadAndComplains() {
    var next = LedgerTail(lines: Array(lines[..<2]), head: .at(heads[4])).next
    #expect(next.head == heads[4])
    #expect(next.complaint == "its head names record 4, and the last one is 2")
    next = LedgerTail(lines: [], head: .at(heads[4])).next
    #expect(next.head == heads[4] && next.complaint != nil)
    next = LedgerTail(lines: Array(lines[..<3]) + [Array("x".utf8)], head: .at(heads[4])).next
    #expect(next.head == heads[4] && next.complaint != nil)
  }

  @Test func aMissingOrDamagedHeadIsTold() {
    for head in [LedgerFolder.Head.missing, .damaged] {
      let next = LedgerTail(lines: lines, head: head).next
      #expect(next.head == heads[4] && next.complaint != nil)
    }
    #expect(LedgerTail(lines: [], head: .damaged).next.complaint != nil)
  }

  /// The contradiction stays in the chain for whoever verifies it.
  @Test func anotherRecordThanTheHeadsIsTold() {
    let other = LedgerHead(seq: 4, hash: SHA256Digest(of: []))
    let next = LedgerTail(lines: lines, head: .at(other)).next
    #expect(next.head == LedgerHead(seq: 4, hash: other.hash))
    #expect(next.complaint == "record 4 isn't the one that its head names")
  }

  @Test func recordsBehindTheHeadMustFollow() {
    let next = LedgerTail(lines: [lines[0], lines[1], lines[3]], head: .at(heads[2])).next
    #expect(next.head == heads[4] && next.complaint == "its last records don't follow one another")
  }

  // MARK: In a folder

  @Test func anIncompleteLineIsCutAndTold() throws {
    let ledger = try TestLedger.make(days: 0..<2, records: 3)
    let name = TestLedger.name(1)
    let whole = try ledger.bytes(name)
    let piece = Array(#"{"at": "2026-01-0"#.utf8)
    ledger.write(name, whole + piece)
    let opening = try LedgerFolder(path: ledger.path).opened().opening
    #expect(
      opening.cut
        == LedgerOpening.Cut(file: name, bytes: piece.count, sha256: SHA256Digest(of: piece)))
    #expect(opening.complaint == nil && opening.head == ledger.head)
    try ledger.append([LedgerDraft(.start, [:], at: TestLedger.time(day: 1, seconds: 50))])
    #expect(try ledger.bytes(name).starts(with: whole))
    let report = try ledger.report()
    #expect(report.isIntact && report.notes == [] && report.records == 7)
  }

  /// Killed between a day's first record and its head, which still names the day before.
  @Test(arguments: [false, true])
  func theHeadMayNameTheFileBefore(_ compressed: Bool) throws {
    let ledger = try TestLedger.make(days: 0..<3, records: 3, compressed: compressed)
    let records = try ledger.lines(TestLedger.name(2)).map { try LedgerRecord(line: $0) }
    let before = LedgerHead(seq: records[0].seq - 1, hash: records[0].prev)
    ledger.write("head", before.fileBytes)
    let opening = try LedgerFolder(path: ledger.path).opened().opening
    #expect(opening.complaint == nil && opening.head == ledger.head)
    let report = try ledger.report()
    #expect(report.isIntact && report.notes == ["3 records follow the head"])
  }

  @Test func aCutEndIsToldAndStaysFound() throws {
    let ledger = try TestLedger.make(days: 0..<2, records: 3)
    let name = TestLedger.name(1)
    ledger.write(name, lines: Array(try ledger.lines(name).dropLast()))
    #expect(try LedgerFolder(path: ledger.path).opened().opening.complaint != nil)
    try ledger.append([LedgerDraft(.start, [:], at: TestLedger.time(day: 1, seconds: 50))])
    #expect(ledger.head.seq == 7)
    #expect(try ledger.report().findings.map(\.kind) == [.removed])
  }

  /// All files of a ledger may be compressed, if someone took the last away.
  @Test func goesOnBehindACompressedFile() throws {
    let ledger = try TestLedger.make(days: 0..<2, records: 3)
    ledger.root.remove(TestLedger.name(1))
    let found = try LedgerFolder(path: ledger.path).opened()
    #expect(found.current == nil && found.opening.head == ledger.head)
    #expect(found.opening.complaint == "its head names record 6, and the last one is 3")
  }
}
