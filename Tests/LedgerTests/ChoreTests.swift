import Foundation
import Linux
import MCPConfig
import Support
import Testing

@testable import Ledger

@Suite struct ChoreTests {
  private static func files(_ days: [Int], plain: Set<Int> = []) -> [LedgerFileName] {
    days.map {
      LedgerFileName(day: LedgerDay(number: $0), isCompressed: !plain.contains($0))
    }
  }

  /// today, retention, what is there, what is plain, what is to be done.
  @Test(arguments: [
    (100, 10, [100], [100], "nothing"),
    (100, 10, [99, 100], [99, 100], "compress 99"),
    (100, 10, [97, 98, 99, 100], [98, 99, 100], "compress 98"),
    (100, 10, [90, 99, 100], [100], "nothing"),
    (100, 10, [89, 99, 100], [100], "remove 89"),
    (100, 10, [88, 89, 99, 100], [99, 100], "remove 88"),
    // The clock leapt: everything looks old.
    (900, 10, [97, 98, 99, 900], [900], "nothing"),
    (900, 10, [98, 99, 900], [99, 900], "compress 99"),
    (901, 10, [98, 99, 900, 901], [901], "remove 98"),
    // The newest of earlier days shows what the removal follows.
    (100, 1, [97, 100], [100], "nothing"),
    (100, 1, [97, 98, 100], [98, 100], "remove 97"),
    // It went back.
    (50, 10, [98, 99, 50], [50], "nothing"),
  ])
  func choresComeInOrder(
    _ today: Int, _ retention: Int, _ days: [Int], _ plain: [Int], _ wanted: String
  ) {
    let files = Self.files(days, plain: Set(plain))
    let chore = LedgerChore.next(
      files, current: files.last, today: LedgerDay(number: today), retentionDays: retention)
    let text =
      switch chore {
      case nil: "nothing"
      case .compress(let name): "compress \(name.day.number)"
      case .remove(let name): "remove \(name.day.number)"
      }
    #expect(text == wanted)
  }

  @Test func withoutACurrentFileNothingIsRemovedThatIsTheLast() {
    let files = Self.files([10])
    #expect(
      LedgerChore.next(
        files, current: files[0], today: LedgerDay(number: 100), retentionDays: 1) == nil)
  }

  @Test func aCompressedFileIsToldAndVerified() throws {
    let ledger = try TestLedger.make(days: 0..<2, records: 50, compressed: false)
    let plain = TestLedger.name(0)
    let before = try ledger.lines(plain)
    var store = try ledger.store()
    try store.run(.compress(LedgerFileName(plain)!), retentionDays: 1) { false }
    #expect(!ledger.names.contains(plain))
    let packed = TestLedger.name(0, compressed: true)
    #expect(try ledger.bytes(packed).count < before.joined().count / 2)
    // The record is of today, so in a file of its own.
    let records = try ledger.lines(try #require(ledger.names.dropLast().last)).map {
      try LedgerRecord(line: $0)
    }
    let told = try #require(records.last)
    #expect(told.kind == "compressed" && told.data["records"]?.integer == 50)
    #expect(told.data["file"]?.string == ByteString(packed))
    #expect(
      told.data["sha256"]?.string
        == ByteString(SHA256Digest(of: try ledger.bytes(packed)).hexadecimal))
    #expect(try ledger.report().isIntact)
  }

  @Test func aRemovedFileIsToldAndVerified() throws {
    let ledger = try TestLedger.make(days: 0..<4, records: 5)
    let old = TestLedger.name(0, compressed: true)
    var store = try ledger.store()
    try store.run(.remove(LedgerFileName(old)!), retentionDays: 30) { false }
    let name = try #require(ledger.names.dropLast().last)
    let told = try LedgerRecord(line: try #require(try ledger.lines(name).last))
    #expect(told.kind == "removed" && told.data["file"]?.string == ByteString(old))
    #expect(told.data["first_seq"]?.integer == 1 && told.data["last_seq"]?.integer == 5)
    let report = try ledger.report()
    #expect(report.isIntact && report.first == 6, "\(report.findings)")
    #expect(
      report.notes == [
        "records 1 to 5 were removed, as record 21 says: files were kept for 30 days"
      ])
    // One more that nobody told of.
    ledger.root.remove(TestLedger.name(1, compressed: true))
    #expect(try ledger.report().findings.map(\.kind) == [.removed])
  }

  @Test func anInterruptedCompressionLeavesNothing() throws {
    let ledger = try TestLedger.make(days: 0..<2, records: 5, compressed: false)
    let before = ledger.names
    var store = try ledger.store()
    #expect(throws: LedgerStore.ChoreFailure.self) {
      try store.run(.compress(LedgerFileName(TestLedger.name(0))!), retentionDays: 1) { true }
    }
    #expect(ledger.names == before)
  }

  /// Killed between the compressed file and the end of the plain one.
  @Test func aFileInBothFormsIsNotedAndEnded() throws {
    let ledger = try TestLedger.make(days: 0..<2, records: 5, compressed: false)
    let plain = TestLedger.name(0)
    let bytes = try ledger.bytes(plain)
    var store = try ledger.store()
    try store.run(.compress(LedgerFileName(plain)!), retentionDays: 1) { false }
    ledger.write(plain, bytes)
    var report = try ledger.report()
    #expect(report.isIntact && report.notes.count == 1)
    try store.run(.compress(LedgerFileName(plain)!), retentionDays: 1) { false }
    report = try ledger.report()
    #expect(report.isIntact && report.notes == [] && !ledger.names.contains(plain))
  }

  /// At a start, as after a night in which the host was off.
  @Test func aWriterCompressesWhatIsOfEarlierDays() throws {
    let ledger = try TestLedger.make(days: 0..<3, records: 5, compressed: false)
    ledger.write(".2026-01-01.jsonl.gz.new", [1, 2, 3])
    let writer = try LedgerWriter(path: ledger.path, host: "host-1", retentionDays: 3650)
    writer.append(.start, [:])
    #expect(
      eventually { ledger.names.filter { $0.hasSuffix(".gz") }.count == 3 }, "\(ledger.names)")
    #expect(eventually { writer.head.seq == 15 + 4 })
    #expect(writer.finish(seconds: 20) == 0)
    #expect(!ledger.names.contains { $0.hasPrefix(".") })
    let report = try ledger.report()
    #expect(report.isIntact && report.records == 19, "\(report.findings)")
  }
}
