import Foundation
import Linux
import MCPConfig
import Support
import Testing

@testable import Ledger

/// What is done to a ledger, and what is said of it.
@Suite struct VerifierTests {
  private let plain = TestLedger.name(2)
  private let packed = TestLedger.name(0, compressed: true)

  private func made() throws -> TestLedger {
    try TestLedger.make(days: 0..<3, records: 5)
  }

  private func found(_ ledger: TestLedger) throws -> [String] {
    try ledger.report().findings.map {
      "\($0.kind.rawValue) \($0.file)\($0.line.map { ":\($0)" } ?? "")"
    }
  }

  @Test func aLedgerAsItWasWrittenIsIntact() throws {
    let ledger = try made()
    let report = try ledger.report()
    #expect(report.isIntact, "\(report.findings)")
    #expect(report.records == 15 && report.files == 3 && report.first == 1)
    #expect(report.last == ledger.head && report.notes == [])
    #expect(ledger.names == [packed, TestLedger.name(1, compressed: true), plain, "head"])
    let empty = TestLedger()
    #expect(try empty.report().isIntact)
  }

  @Test func aChangedRecordIsNamed() throws {
    let ledger = try made()
    var lines = try ledger.lines(plain)
    lines[1] = Array(
      String(decoding: lines[1], as: UTF8.self).replacing("alice", with: "mallo").utf8)
    ledger.write(plain, lines: lines)
    #expect(try found(ledger) == ["changed \(plain):2"])
    #expect(try ledger.report().findings[0].message == "record 12 isn't what its hash says")
  }

  /// With a hash that fits, the next record tells.
  @Test func aRecordWrittenAnewIsFound() throws {
    let ledger = try made()
    var lines = try ledger.lines(plain)
    let old = try LedgerRecord(line: lines[1])
    var head = LedgerHead(seq: old.seq - 1, hash: old.prev)
    lines[1] = head.append(LedgerDraft(.incident, ["id": "x"], at: old.at), host: "host-1")
      .dropLast()
    ledger.write(plain, lines: lines)
    #expect(try found(ledger) == ["changed \(plain):3"])
    // The last one has no next, but the head.
    let other = try made()
    lines = try other.lines(plain)
    let last = try LedgerRecord(line: lines[4])
    head = LedgerHead(seq: last.seq - 1, hash: last.prev)
    lines[4] = head.append(LedgerDraft(.incident, ["id": "x"], at: last.at), host: "host-1")
      .dropLast()
    other.write(plain, lines: lines)
    #expect(try found(other) == ["changed \(plain):5"])
  }

  @Test func unreadableRecordsAreNamedByTheirNumbers() throws {
    let ledger = try made()
    var lines = try ledger.lines(plain)
    lines[1] = Array("garbage".utf8)
    lines[2].removeLast()
    ledger.write(plain, lines: lines)
    #expect(try found(ledger) == ["changed \(plain):2", "changed \(plain):3"])
    #expect(try ledger.report().findings[1].message.hasPrefix("record 13 "))
  }

  @Test func removedRecordsAreFound() throws {
    let ledger = try made()
    var lines = try ledger.lines(plain)
    lines.removeSubrange(1...2)
    ledger.write(plain, lines: lines)
    #expect(try found(ledger) == ["removed \(plain):2"])
    #expect(
      try ledger.report().findings[0].message == "records 12 to 13 are missing before this line")
  }

  @Test func reorderedRecordsAreFound() throws {
    let ledger = try made()
    var lines = try ledger.lines(plain)
    lines.swapAt(1, 2)
    ledger.write(plain, lines: lines)
    #expect(try found(ledger) == ["reordered \(plain):3"])
  }

  @Test func foreignLinesAreFound() throws {
    let ledger = try made()
    var lines = try ledger.lines(plain)
    lines.insert(Array("{}".utf8), at: 2)
    lines.insert(lines[0], at: 4)
    ledger.write(plain, lines: lines)
    #expect(try found(ledger) == ["foreign \(plain):3", "foreign \(plain):5"])
  }

  @Test func aCutEndIsFound() throws {
    let ledger = try made()
    let lines = try ledger.lines(plain)
    ledger.write(plain, lines: Array(lines.dropLast(2)))
    #expect(try found(ledger) == ["cut-off \(plain):4"])
    ledger.write(plain, try ledger.bytes(plain).dropLast(1))
    #expect(try found(ledger) == ["cut-off \(plain):3"])
  }

  @Test func swappedFilesAreFound() throws {
    let ledger = try TestLedger.make(days: 0..<3, records: 4, compressed: false)
    let (one, two) = (TestLedger.name(0), TestLedger.name(1))
    let (first, second) = (try ledger.bytes(one), try ledger.bytes(two))
    ledger.write(one, second)
    ledger.write(two, first)
    #expect(try found(ledger) == ["swapped \(two):1", "swapped \(one):1"])
  }

  @Test func missingFilesAreFound() throws {
    var ledger = try made()
    ledger.root.remove(packed)
    #expect(try found(ledger) == ["removed \(TestLedger.name(1, compressed: true)):1"])
    ledger = try made()
    ledger.root.remove(TestLedger.name(1, compressed: true))
    #expect(try found(ledger) == ["removed \(plain):1"])
    ledger = try made()
    ledger.root.remove(plain)
    #expect(
      try found(ledger).first == "cut-off \(TestLedger.name(1, compressed: true)):6")
    ledger = try made()
    ledger.root.remove("head")
    #expect(try found(ledger) == ["missing head"])
  }

  @Test func damagedFilesAreFound() throws {
    let ledger = try made()
    var bytes = try ledger.bytes(packed)
    bytes[4] = 1
    ledger.write(packed, bytes)
    #expect(try found(ledger) == ["damaged \(packed)"])
    bytes[40] ^= 0xFF
    ledger.write(packed, bytes)
    #expect(try found(ledger).contains { $0.hasPrefix("damaged \(packed):") })
    let other = try made()
    other.write("head", Array("{}".utf8))
    #expect(try found(other) == ["damaged head"])
    other.write("head", [UInt8](repeating: 0x20, count: 4096))
    #expect(try found(other) == ["damaged head"])
  }

  @Test func headsFromElsewhereMustBeInTheChain() throws {
    let ledger = try made()
    let records = try ledger.lines(plain).map { try LedgerRecord(line: $0) }
    let good = LedgerHead(seq: records[1].seq, hash: records[1].hash)
    let report = try ledger.report([good, ledger.head])
    #expect(report.isIntact && report.anchorsHeld == 2)
    #expect(
      try ledger.report([LedgerHead(seq: good.seq, hash: SHA256Digest(of: []))]).findings.map(
        \.kind)
        == [.anchor])
    #expect(
      try ledger.report([LedgerHead(seq: 99, hash: good.hash)]).findings.map(\.kind) == [.cutOff])
  }

  /// A whole ledger that was written anew is found by an anchor alone.
  @Test func aChainWrittenAnewIsFoundByAnAnchor() throws {
    let old = try made()
    let new = try TestLedger.make(days: 0..<3, records: 6)
    #expect(try new.report().isIntact)
    #expect(try new.report([old.head]).findings.map(\.kind) == [.anchor])
  }

  @Test func findingsAreCountedAndBounded() throws {
    let ledger = try TestLedger.make(days: 0..<1, records: 300)
    let name = TestLedger.name(0)
    let lines = try ledger.lines(name).map { $0 + Array("x".utf8) }
    ledger.write(name, lines: lines)
    let report = try ledger.report()
    #expect(report.findingCount > 300 && report.findings.count == LedgerReport.findingLimit)
  }

  @Test func aLineWithoutAnEndTakesNoMemory() throws {
    let ledger = try made()
    var bytes = try ledger.bytes(plain)
    bytes += [UInt8](repeating: 0x41, count: LedgerRecord.sizeLimit * 5)
    ledger.write(plain, bytes)
    #expect(try found(ledger) == ["damaged \(plain):6"])
  }

  /// A start cuts off what a crash left before it begins another file.
  @Test func bytesBehindTheLastLineOfAnOlderFileAreFound() throws {
    let ledger = try TestLedger.make(days: 0..<3, records: 5, compressed: false)
    let name = TestLedger.name(1)
    ledger.write(name, try ledger.bytes(name) + Array("garbage".utf8))
    #expect(try found(ledger) == ["foreign \(name)"])
    let last = TestLedger.name(2)
    ledger.write(name, try ledger.bytes(name).dropLast(7))
    ledger.write(last, try ledger.bytes(last) + Array("garbage".utf8))
    let report = try ledger.report()
    #expect(report.isIntact && report.notes.count == 1)
    // On another day.
    try ledger.append([LedgerDraft(.start, [:], at: TestLedger.time(day: 5))])
    #expect(try ledger.report().isIntact && ledger.report().notes == [])
    #expect(ledger.names.contains(TestLedger.name(5)))
  }

  @Test func otherNamesAreNoted() throws {
    let ledger = try made()
    ledger.write("notes.txt", [])
    let report = try ledger.report()
    #expect(report.isIntact && report.notes == ["notes.txt: isn't a file of the ledger"])
  }
}
