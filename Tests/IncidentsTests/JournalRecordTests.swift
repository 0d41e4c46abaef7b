import Foundation
import Linux
import MCPConfig
import Policy
import Testing

@testable import Incidents

@Suite struct JournalRecordTests {
  private func incident(_ findings: [Finding], path: String = "/home/alice/mcp.json") -> Incident {
    Incident(
      discoveredAt: WallTime(microseconds: 1_767_225_600_000_000), target: "kiro", path: path,
      user: UserIdentity(uid: 1001, name: "alice", groups: []), findings: findings,
      action: .restored, mode: .enforce, generation: 3, latencyMicroseconds: 42,
      expected: SHA256Digest(of: []), found: nil, evidence: nil)
  }

  private let drift = [
    Finding(.prohibitedServer, server: "web\nsearch", rule: "policy.json:3", "prohibited"),
    Finding(.serverDrift, server: "git", field: "args", "other args"),
  ]

  @Test func everyFindingIsNamed() {
    let record = JournalRecord(incident(drift))
    func values(_ name: String) -> [String] {
      record.fields.filter { $0.name == name }.map(\.value)
    }
    #expect(values("MCPOLICY_KIND") == ["prohibited-server", "server-drift"])
    #expect(values("MCPOLICY_SERVER") == ["web\\u{a}search", "git"])
    #expect(values("MCPOLICY_FIELD") == ["args"])
    #expect(values("MCPOLICY_RULE") == ["policy.json:3", "approved"])
    #expect(values("MESSAGE_ID") == [MessageID.finding(.prohibitedServer)])
    #expect(values("PRIORITY") == ["3"])
    #expect(values("MCPOLICY_SEVERITY") == ["high"])
    #expect(values("MCPOLICY_RESPOND_BY") == ["2026-01-01T01:00:00.000000Z"])
    #expect(values("MCPOLICY_ACTION") == ["restored"])
    #expect(values("MCPOLICY_LATENCY_USEC") == ["42"])
    #expect(values("MCPOLICY_SHA256_FOUND") == [])
  }

  @Test func noFieldCanStartALineOfItsOwn() {
    let record = JournalRecord(incident(drift, path: "/home/a\nPRIORITY=0\u{1B}[2J"))
    for field in record.fields {
      #expect(!field.value.utf8.contains { $0 < 0x20 }, "\(field)")
    }
  }

  @Test func fieldNamesAreTheJournals() {
    for field in JournalRecord(incident(drift)).fields {
      #expect(field.name.utf8.allSatisfy { 0x41...0x5A ~= $0 || 0x30...0x39 ~= $0 || $0 == 0x5F })
    }
  }

  @Test func repeatedFieldsAreArraysOnStandardError() {
    let json = JournalRecord(incident(drift)).json
    #expect(json["MCPOLICY_KIND"]?.elements?.count == 2)
    #expect(json["MCPOLICY_FIELD"]?.string == "args")
  }

  @Test(arguments: zip(Severity.allCases, [24 * 60, 240, 60, 15]))
  func responseTimesAreTheGuides(_ severity: Severity, _ minutes: Int) {
    #expect(severity.respondWithinMinutes == minutes)
  }

  /// The table beside the catalog, and a catalog entry for each.
  @Test func everyKindHasItsCatalogEntry() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("systemd")
    let table = try String(
      contentsOf: folder.appendingPathComponent("message-ids.tsv"), encoding: .utf8)
    let catalog = try String(
      contentsOf: folder.appendingPathComponent("mcpolicyd.catalog"), encoding: .utf8)
    let ids = Dictionary(
      uniqueKeysWithValues: table.split(separator: "\n").map { line in
        let parts = line.split(separator: "\t")
        return (String(parts[0]), String(parts[1]))
      })
    for kind in Finding.Kind.allCases {
      #expect(ids[kind.rawValue] == MessageID.finding(kind))
    }
    #expect(Set(ids.values).count == ids.count)
    for (name, id) in ids { #expect(catalog.contains("-- \(id)"), "\(name) has no entry") }
  }
}

@Suite(.serialized) struct IncidentLogTests {
  @Test func keepsTheNewestAndCountsAll() throws {
    let journal = try JournalWriter(send: { _ in })
    let log = IncidentLog(journal: journal)
    var followed = 0
    let follower = log.follow { _ in followed += 1 }
    for number in 1...5000 {
      log.append(
        Incident(
          discoveredAt: .now, target: "kiro", path: "/\(number)", user: nil,
          findings: [Finding(.missingFile, "missing")],
          action: number % 2 == 0 ? .restored : .failed, mode: .enforce, generation: 1))
    }
    #expect(log.total == 5000)
    #expect(followed == 5000)
    #expect(log.openCount == 2500)
    #expect(log.bySeverity[.medium] == 5000)
    #expect(log.recent(limit: 3) { _ in true }.map(\.path) == ["/5000", "/4999", "/4998"])
    let ids = log.recent(limit: .max) { _ in true }.map(\.id)
    #expect(Set(ids).count == ids.count && ids.count <= IncidentLog.recentLimit)
    log.unfollow(follower)
    log.settled(path: "/1")
    #expect(log.openCount == 2499)
    journal.finish(seconds: 5)
  }

  /// A journal that stalls costs records, and says how many, but never makes the sender wait.
  @Test func aStalledJournalDropsAndCounts() throws {
    let gate = try BoundedQueue<Void>(capacity: 1, blocking: true)
    let journal = try JournalWriter(send: { _ in _ = gate.receive() })
    let log = IncidentLog(journal: journal)
    let record = JournalRecord(messageID: MessageID.daemonStarted, priority: 6, message: "x")
    for _ in 0..<(JournalWriter.capacity + 100) { log.send(record) }
    #expect(log.dropped >= 99)
    gate.close()
    journal.finish(seconds: 5)
  }
}
