import Foundation
import Linux
import MCPConfig
import Policy
import Testing

@testable import Incidents

@Suite struct LifeRecordTests {
  private let actor = AuditRecord.Actor(
    uid: 1002, pid: 77, name: "carol", program: .path(Array("/usr/bin/mcpolicyctl".utf8)))

  private func record(_ kind: LifeRecord.Kind) -> LifeRecord {
    var incident = TrackedIncident.sample("5-1", .credentialExposure)
    incident.overdueAt = after(30)
    incident.toldLevel = .securityTeam
    return LifeRecord(
      kind, incident, by: kind == .overdue ? nil : actor, note: kind == .overdue ? nil : "seen",
      at: after(30))
  }

  private func value(_ name: String, _ kind: LifeRecord.Kind) -> String? {
    JournalRecord(record(kind)).fields.first { $0.name == name }?.value
  }

  @Test(arguments: LifeRecord.Kind.allCases) func everyStepIsTold(_ kind: LifeRecord.Kind) {
    #expect(value("MESSAGE_ID", kind) == MessageID.life(kind))
    #expect(value("MCPOLICY_CHANGE", kind) == "incident-\(kind.rawValue)")
    #expect(value("MCPOLICY_INCIDENT", kind) == "5-1")
    #expect(value("MCPOLICY_SEVERITY", kind) == "critical")
    #expect(value("MCPOLICY_RESPOND_BY", kind) == "2026-01-01T00:15:00.000000Z")
    #expect(value("MESSAGE", kind)?.contains("5-1") == true)
    // What has this is an incident, and counted as one.
    #expect(value("MCPOLICY_ACTION", kind) == nil)
  }

  @Test func overdueHasItsLevelAndNoActor() {
    #expect(value("MCPOLICY_OVERDUE", .overdue) == "1")
    #expect(value("MCPOLICY_ESCALATION", .overdue) == "security-team")
    #expect(value("PRIORITY", .overdue) == "2")
    #expect(value("MCPOLICY_ACTOR_UID", .overdue) == nil)
    #expect(value("MCPOLICY_OVERDUE", .resolved) == nil)
    #expect(value("MCPOLICY_ESCALATION", .acknowledged) == nil)
  }

  @Test func aResponseNamesItsActor() {
    for kind in [LifeRecord.Kind.acknowledged, .resolved] {
      #expect(value("MCPOLICY_ACTOR_UID", kind) == "1002")
      #expect(value("MCPOLICY_ACTOR_EXE", kind) == "/usr/bin/mcpolicyctl")
      #expect(value("MCPOLICY_NOTE", kind) == "seen")
      #expect(record(kind).json["by"]?.string == "carol (uid 1002)")
      // Whoever watches learns who, and not by which process.
      #expect(record(kind).shown["actor"] == nil)
    }
  }

  @Test(arguments: LifeRecord.Kind.allCases) func noFieldCanStartALineOfItsOwn(
    _ kind: LifeRecord.Kind
  ) {
    var record = record(kind)
    let hostile = "x\nPRIORITY=0\u{1B}[2J\u{202E}"
    record.incident.user = hostile
    record.incident.target = hostile
    record.note = hostile
    record.actor = actor
    record.actor?.name = hostile
    record.actor?.program = .path(Array(hostile.utf8))
    for field in JournalRecord(record).fields {
      #expect(!field.value.utf8.contains { $0 < 0x20 }, "\(field)")
      #expect(!field.value.unicodeScalars.contains("\u{202E}"), "\(field)")
    }
  }

  /// A catalog's field stands in the record, and none that repeats is asked for.
  @Test func everyStepHasItsCatalogEntry() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("systemd")
    func text(_ name: String) throws -> String {
      try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }
    let (table, catalog) = (try text("message-ids.tsv"), try text("mcpolicyd.catalog"))
    for kind in LifeRecord.Kind.allCases {
      let id = MessageID.life(kind)
      #expect(table.contains("incident-\(kind.rawValue)\t\(id)\n"))
      let entry = try #require(
        catalog.components(separatedBy: "-- \(id)\n").last?.components(separatedBy: "\n-- ").first)
      let fields = Set(JournalRecord(record(kind)).fields.map(\.name))
      for (index, part) in entry.components(separatedBy: "@").enumerated() where index % 2 == 1 {
        #expect(fields.contains(part) && part != "MCPOLICY_KIND", "\(kind) asks for \(part)")
      }
    }
    #expect(table.contains("incident-life-incomplete\t\(MessageID.lifeIncomplete)\n"))
  }
}
