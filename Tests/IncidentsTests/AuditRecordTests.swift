import Foundation
import Linux
import MCPConfig
import Testing

@testable import Incidents

@Suite struct AuditRecordTests {
  private let actor = AuditRecord.Actor(
    uid: 1002, pid: 77, name: "carol", program: .path(Array("/usr/bin/mcpolicyctl".utf8)))

  private func record(_ change: AuditRecord.Change) -> AuditRecord {
    AuditRecord(
      change, by: actor, generation: 4, at: WallTime(microseconds: 1_767_225_600_000_000),
      server: "github", user: "alice", number: 3, reason: "CVE-2026-1", ticket: "SEC-1",
      until: WallTime(microseconds: 1_767_312_000_000_000), sha256: SHA256Digest(of: []))
  }

  private func value(_ name: String, _ record: JournalRecord) -> String? {
    record.fields.first { $0.name == name }?.value
  }

  @Test(arguments: AuditRecord.Change.allCases) func everyChangeNamesItsActor(
    _ change: AuditRecord.Change
  ) {
    let journal = JournalRecord(record(change))
    #expect(value("MESSAGE_ID", journal) == MessageID.change(change))
    #expect(value("MCPOLICY_CHANGE", journal) == change.rawValue)
    #expect(value("MCPOLICY_ACTOR_UID", journal) == "1002")
    #expect(value("MCPOLICY_ACTOR_PID", journal) == "77")
    #expect(value("MCPOLICY_ACTOR_EXE", journal) == "/usr/bin/mcpolicyctl")
    #expect(value("MCPOLICY_ACTOR_EXE_UNKNOWN", journal) == nil)
    #expect(value("MCPOLICY_GENERATION", journal) == "4")
    #expect(value("MESSAGE", journal)?.contains("carol (uid 1002)") == true)
  }

  @Test func aProgramThatCantBeSeenIsSaid() {
    var record = record(.revoked)
    record.actor?.program = .unknown("the daemon's sandbox doesn't show it")
    let journal = JournalRecord(record)
    #expect(value("MCPOLICY_ACTOR_EXE", journal) == nil)
    #expect(
      value("MCPOLICY_ACTOR_EXE_UNKNOWN", journal) == "the daemon's sandbox doesn't show it")
    #expect(record.json["actor"]?["exe_unknown"]?.string != nil)
  }

  /// What users and admins type can't forge a field or a line.
  @Test(arguments: AuditRecord.Change.allCases) func noFieldCanStartALineOfItsOwn(
    _ change: AuditRecord.Change
  ) {
    var record = record(change)
    let hostile = "x\nPRIORITY=0\u{1B}[2J\u{202E}"
    record.server = ByteString(hostile)
    record.user = hostile
    record.reason = hostile
    record.ticket = hostile
    record.actor?.name = hostile
    record.actor?.program = .path(Array(hostile.utf8))
    for field in JournalRecord(record).fields {
      #expect(!field.value.utf8.contains { $0 < 0x20 }, "\(field)")
      #expect(!field.value.unicodeScalars.contains("\u{202E}"), "\(field)")
    }
  }

  /// The code, the table and the catalog name the same changes by the same ids.
  @Test func everyChangeHasItsCatalogEntry() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("systemd")
    func text(_ name: String) throws -> String {
      try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }
    let table = try text("message-ids.tsv")
    let catalog = try text("mcpolicyd.catalog")
    for change in AuditRecord.Change.allCases {
      let id = MessageID.change(change)
      #expect(table.contains("\(change.rawValue)\t\(id)\n"), "\(change)")
      #expect(catalog.components(separatedBy: "-- \(id)\nSubject: ").count == 2, "\(change)")
    }
    let fields = Set(
      AuditRecord.Change.allCases.flatMap { JournalRecord(record($0)).fields.map(\.name) })
    for change in AuditRecord.Change.allCases {
      let entry = try #require(
        catalog.components(separatedBy: "-- \(MessageID.change(change))\n").last?
          .components(separatedBy: "\n-- ").first)
      for (index, part) in entry.components(separatedBy: "@").enumerated() where index % 2 == 1 {
        #expect(fields.contains(part), "\(change) asks for \(part)")
      }
    }
  }
}
