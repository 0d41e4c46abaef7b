import Linux
import MCPConfig
import Testing

@testable import Ledger

@Suite struct RecordTests {
  private func line(_ head: inout LedgerHead, _ data: JSON = ["b": 1, "a": "ü\n"]) -> [UInt8] {
    head.append(LedgerDraft(.change, data, at: TestLedger.start), host: "hö\"st").dropLast()
  }

  @Test func aRecordIsItsCanonicalForm() throws {
    var head = LedgerHead.none
    let first = line(&head)
    let json = try JSON(parsing: first)
    #expect(json.canonicalForm == first)
    let record = try LedgerRecord(line: first)
    #expect(record.isIntact && record.seq == 1 && record.prev == LedgerHead.none.hash)
    #expect(record.kind == "change" && record.host == "hö\"st" && record.at == TestLedger.start)
    var members = try #require(json.members)
    members.removeAll { $0.key == "hash" }
    #expect(JSON(.object(members)).canonicalSHA256 == record.hash)
    #expect(head == LedgerHead(seq: 1, hash: record.hash))
    #expect(try LedgerRecord(line: line(&head)).prev == record.hash)
  }

  /// Every other spelling of the same is none.
  @Test func onlyOneSpellingIsARecord() throws {
    var head = LedgerHead.none
    let good = String(decoding: line(&head), as: UTF8.self)
    for (old, new) in [
      ("{\"at\"", "{ \"at\""), ("\"seq\": 1", "\"seq\":1"), ("\"seq\": 1", "\"seq\": 1.0"),
      ("\"seq\": 1}", "\"seq\": 1, \"x\": 1}"), ("\"seq\": 1}", "\"seq\": 0}"),
      ("000000Z", "00000Z"), ("\"data\": {", "\"data\": {\"a\": 1, "), ("\\u00fc", "ü"),
      ("\"kind\": \"change\"", "\"kind\": 7"), ("\"prev\": \"0", "\"prev\": \"A"),
    ] {
      let bad = good.replacing(old, with: new)
      #expect(bad != good)
      #expect(throws: LedgerRecord.Malformed.self, "\(new)") {
        try LedgerRecord(line: Array(bad.utf8))
      }
    }
  }

  @Test func headsAreReadInOneSpellingOnly() throws {
    let head = LedgerHead(seq: 42, hash: SHA256Digest(of: [1]))
    #expect(head.fileBytes.count == LedgerHead.fileSize)
    #expect(LedgerHead(fileBytes: head.fileBytes) == head)
    #expect(LedgerHead("\(head)") == head)
    for index in head.fileBytes.indices {
      var bytes = head.fileBytes
      bytes[index] ^= 0x20
      #expect(LedgerHead(fileBytes: bytes) != head, "byte \(index)")
    }
    for text in [
      "", "42", "42:", ":\(head.hash)", "0:\(head.hash)", "42:\(head.hash)0", "-1:\(head.hash)",
    ] {
      #expect(LedgerHead(text) == nil, "\(text)")
    }
  }

  @Test(arguments: [
    "2026-01-01.jsonl", "2026-01-01.jsonl.gz", "2026-12-31.2.jsonl", "2026-12-31.17.jsonl.gz",
  ])
  func fileNamesAreReadAsTheyAreWritten(_ text: String) throws {
    #expect(try #require(LedgerFileName(text)).text == text)
  }

  @Test(arguments: [
    "head", "2026-01-01", "2026-01-01.json", "2026-1-01.jsonl", "2026-02-30.jsonl",
    "2026-01-01.1.jsonl", "2026-01-01.02.jsonl", "2026-01-01.x.jsonl", "2026-01-01.2.3.jsonl",
    ".2026-01-01.jsonl.gz.new", "2026-01-01.jsonl.gz.gz", "2026-01-01.gz", "2026-01-01..jsonl",
    "2026-01-01.jsonl ", "",
  ])
  func otherNamesAreNone(_ text: String) {
    #expect(LedgerFileName(text) == nil)
  }

  @Test func aDayTakesWhatALittleStepOfTheClockBrings() {
    let day = LedgerDay(of: TestLedger.start)
    #expect(day.description == "2026-01-01" && day.takes(TestLedger.time(day: 0)))
    #expect(day.takes(TestLedger.time(day: 0, seconds: 86_399)))
    #expect(!day.takes(TestLedger.time(day: 1)))
    #expect(day.takes(TestLedger.time(day: -1)))
    #expect(!day.takes(TestLedger.time(day: -1, seconds: -1)))
  }
}

@Suite struct GzipTests {
  private func packed(_ bytes: [UInt8], piece: Int) throws -> [UInt8] {
    guard var encoder = GzipEncoder() else { throw SystemError("deflate", errno: 12) }
    var made: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: piece) {
      encoder.encode(Array(bytes[start..<min(start + piece, bytes.count)]), isLast: false) {
        (part: ArraySlice<UInt8>) throws(Never) in made += part
      }
    }
    encoder.encode([], isLast: true) { (part: ArraySlice<UInt8>) throws(Never) in made += part }
    return made
  }

  private func unpacked(_ bytes: [UInt8]) throws -> [UInt8] {
    guard var decoder = GzipDecoder() else { throw SystemError("inflate", errno: 12) }
    var made: [UInt8] = []
    var rest = bytes[...]
    while !decoder.isOver {
      let before = (rest.count, made.count)
      made += try decoder.decode(&rest)
      if before == (rest.count, made.count) { break }
    }
    return made
  }

  @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 300_000], [1000, 1 << 20])
  func whatGoesInComesOut(_ count: Int, _ piece: Int) throws {
    var generator = SystemRandomNumberGenerator()
    for bytes in [
      [UInt8](repeating: 7, count: count),
      (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) },
    ] {
      let made = try packed(bytes, piece: piece)
      #expect(try unpacked(made) == bytes)
      // RFC 1952: no flags, no time.
      #expect(Array(made[0..<8]) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
    }
  }

  @Test func theSameBytesMakeTheSameFile() throws {
    let bytes = Array(String(repeating: "a record\n", count: 1000).utf8)
    #expect(try packed(bytes, piece: 1 << 16) == packed(bytes, piece: 1 << 16))
  }

  /// A number that can't be followed by another is nobody's.
  @Test func numbersHaveAnEnd() {
    let hash = String(repeating: "ab", count: 32)
    #expect(LedgerHead("\(Int.max):\(hash)") == nil)
    #expect(LedgerHead("4711:\(hash)") != nil)
    let head = #"{"hash": "\#(hash)", "seq": \#(Int.max)}"#
    #expect(LedgerHead(fileBytes: Array(head.utf8)) == nil)
  }
}
