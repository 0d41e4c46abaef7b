import Foundation
import Linux
import MCPConfig
import Support
import Testing

@testable import Ledger

@Suite(.serialized, .timeLimit(.minutes(2))) struct WriterTests {
  private func writer(_ ledger: TestLedger, days: Int = 400) throws -> LedgerWriter {
    try LedgerWriter(path: ledger.path, host: "host-1", retentionDays: days)
  }

  @Test func everythingIsWrittenAtTheEnd() throws {
    let ledger = TestLedger()
    for run in 1...3 {
      let writer = try writer(ledger)
      #expect(writer.opening.complaint == nil && writer.opening.cut == nil)
      for number in 0..<500 { writer.append(.incident, ["run": .int(run), "n": .int(number)]) }
      #expect(writer.finish(seconds: 20) == 0)
      #expect(writer.head.seq == run * 500 && writer.dropped == 0)
    }
    let report = try ledger.report()
    #expect(report.isIntact && report.records == 1500, "\(report.findings)")
    #expect(report.notes == [])
  }

  /// A record is in the file before it is durable, so that only the power can take it.
  @Test func recordsDoNotWaitForTheDisk() throws {
    let ledger = TestLedger()
    let writer = try writer(ledger)
    writer.append(.stop, ["reason": "x"])
    #expect(eventually { ledger.names.contains { $0.hasSuffix(".jsonl") } })
    #expect(eventually { writer.head.seq == 1 })
    #expect(eventually { (try? ledger.report().isIntact) == true })
    #expect(writer.waiting == 0)
    #expect(writer.finish(seconds: 20) == 0)
  }

  @Test func whatIsMadeLaterKeepsItsPlace() throws {
    let ledger = TestLedger()
    let writer = try writer(ledger)
    writer.append(.start, [:])
    writer.append(.inventory) { [["part": 1], ["part": 2]] }
    writer.append(.inventory) { [] }
    writer.append(.stop, [:])
    #expect(writer.finish(seconds: 20) == 0)
    let name = try #require(ledger.names.first)
    let kinds = try ledger.lines(name).map { try LedgerRecord(line: $0).kind }
    #expect(kinds == ["start", "inventory", "inventory", "stop"])
  }

  /// The sender never waits; what is refused is counted, and told as soon as there is room.
  @Test func aFullQueueCountsWhatItDrops() throws {
    let queue = try LedgerQueue(capacity: 10, weightLimit: 1 << 20)
    for number in 0..<25 { queue.send(.draft(LedgerDraft(.incident, ["n": .int(number)]))) }
    #expect(queue.count == 10 && queue.dropped == 15 && queue.highWater == 10)
    #expect(queue.drafts(from: 0, limit: 100).count == 10)
    queue.remove(4)
    let drafts = queue.drafts(from: 0, limit: 100)
    #expect(drafts.map(\.kind) == [LedgerKind](repeating: .incident, count: 6) + [.drops])
    #expect(drafts.last?.data == Array(#"{"count": 15, "what": "ledger"}"#.utf8))
    queue.remove(7)
    #expect(queue.drafts(from: 0, limit: 100).isEmpty)
  }

  @Test func theQueueIsBoundedInBytes() throws {
    let queue = try LedgerQueue(capacity: 1000, weightLimit: 10_000)
    let text = JSON.text(String(repeating: "x", count: 3000))
    for _ in 0..<5 { queue.send(.draft(LedgerDraft(.incident, ["t": text]))) }
    #expect(queue.count == 3 && queue.dropped == 2)
    queue.close()
    queue.send(.draft(LedgerDraft(.stop, [:])))
    #expect(queue.count == 3 && queue.dropped == 3)
  }

  /// What is larger than any record is told to be missing, by its digest.
  @Test func aRecordThatIsTooLargeIsTold() throws {
    let ledger = TestLedger()
    let data: JSON = ["t": .text(String(repeating: "x", count: LedgerRecord.sizeLimit))]
    try ledger.append([LedgerDraft(.incident, data, at: TestLedger.start)])
    let record = try LedgerRecord(line: try ledger.lines(TestLedger.name(0))[0])
    #expect(record.kind == "drops" && record.data["kind"]?.string == "incident")
    #expect(
      record.data["sha256"]?.string == ByteString(data.canonicalSHA256.hexadecimal))
  }

  /// Under the writer's hands: it goes on, and says so; the gap stays to be seen.
  @Test func aFileThatIsTakenAwayIsTold() throws {
    let ledger = TestLedger()
    let writer = try writer(ledger)
    writer.append(.start, [:])
    #expect(eventually { writer.head.seq == 1 })
    let name = try #require(ledger.names.first)
    ledger.root.remove(name)
    ledger.root.remove("head")
    writer.append(.stop, [:])
    #expect(eventually { writer.head.seq == 2 })
    writer.append(.stop, [:])
    #expect(writer.finish(seconds: 20) == 0)
    let events = writer.takeEvents().map { "\($0)" }
    #expect(events == ["lost(\"head, \(name)\")"])
    let report = try ledger.report()
    #expect(report.records == 2 && report.findings.map(\.kind) == [.removed], "\(report)")
  }

  /// Between the look at its end and the first record.
  @Test func aFileThatWentBeforeTheFirstRecordIsMadeAnew() throws {
    let ledger = try TestLedger.make(days: 0..<1, records: 3)
    var store = try ledger.store()
    ledger.root.remove(TestLedger.name(0))
    let draft = LedgerDraft(.start, [:], at: TestLedger.time(day: 0, seconds: 60))
    let before = store.takes(draft.at)
    let failure = (try? store.write([draft])) == nil
    let after = store.takes(draft.at)
    #expect(before && failure && !after)
    try store.beginFile(for: draft.at)
    try store.write([draft])
    try store.sync()
    try store.writeHead()
    let head = store.durable
    #expect(head.seq == 4)
    #expect(try ledger.report().findings.map(\.kind) == [.removed])
  }

  @Test func aClockThatIsSetBackMakesAnotherFile() throws {
    let ledger = TestLedger()
    let days = [5, 5, 4, 400, 5, 5, 6, 5, -400]
    try ledger.append(
      days.map { LedgerDraft(.stop, ["day": .int($0)], at: TestLedger.time(day: $0, seconds: 1)) })
    #expect(
      ledger.names.filter { $0 != "head" } == [
        "2024-11-27.jsonl", "2026-01-06.2.jsonl", "2026-01-06.jsonl", "2026-01-07.jsonl",
        "2027-02-05.jsonl",
      ])
    let report = try ledger.report()
    #expect(report.isIntact && report.records == 9, "\(report.findings)")
    // Another run goes on behind the newest record, whatever its file is called.
    try ledger.append([LedgerDraft(.start, [:], at: TestLedger.time(day: -400, seconds: 9))])
    #expect(try ledger.report().isIntact && ledger.head.seq == 10)
    #expect(try ledger.lines("2024-11-27.jsonl").count == 2)
  }
}
