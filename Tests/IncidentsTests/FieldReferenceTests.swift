import Foundation
import Policy
import Testing

@testable import Incidents

/// docs/Fields.md against the sources: a record that no SIEM engineer can look up is a record missed.
@Suite struct FieldReferenceTests {
  private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private let reference: String

  init() throws {
    reference = try String(
      contentsOf: Self.repository.appendingPathComponent("docs/Fields.md"), encoding: .utf8)
  }

  private func texts(_ folder: String, _ endings: Set<String>) throws -> [(
    path: String, text: String
  )] {
    let root = Self.repository.appendingPathComponent(folder)
    let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    var texts: [(String, String)] = []
    while let file = files?.nextObject() as? URL {
      guard endings.contains(file.pathExtension) else { continue }
      texts.append((file.lastPathComponent, try String(contentsOf: file, encoding: .utf8)))
    }
    return texts
  }

  @Test func everyFieldOfARecordStandsThere() throws {
    var found: Set<String> = []
    for (_, text) in try texts("Sources", ["swift"]) {
      // Fields are added by their names without the prefix, in records and beside them.
      if text.contains("JournalRecord") {
        for match in text.matches(of: /\badd\("([A-Z0-9_]+)"/) { found.insert(String(match.1)) }
        for extra in text.matches(of: /extra:\s*\[([^\]]*)\]/) {
          for match in extra.1.matches(of: /\("([A-Z0-9_]+)"/) { found.insert(String(match.1)) }
        }
      }
      for match in text.matches(of: /MCPOLICY_([A-Z0-9_]*[A-Z0-9])\b/) {
        found.insert(String(match.1))
      }
    }
    #expect(found.isSuperset(of: ["INCIDENT", "ACTOR_EXE_UNKNOWN", "UNTIL", "MODE"]))
    // A variable of the environment.
    found.remove("NOTIFY")
    for name in found.sorted() {
      #expect(reference.contains("`MCPOLICY_\(name)`"), "docs/Fields.md lacks MCPOLICY_\(name)")
    }
  }

  @Test func everyMessageStandsThere() throws {
    let table = try String(
      contentsOf: Self.repository.appendingPathComponent("systemd/message-ids.tsv"), encoding: .utf8
    )
    for line in table.split(separator: "\n") {
      let parts = line.split(separator: "\t")
      #expect(reference.contains("| `\(parts[0])` `\(parts[1])` |"), "docs/Fields.md lacks \(line)")
    }
    for (path, text) in try texts("Sources/Incidents", ["swift"]) {
      for match in text.matches(of: /"([0-9a-f]{32})"/) {
        #expect(reference.contains("`\(match.1)`"), "docs/Fields.md lacks \(match.1) of \(path)")
      }
    }
  }

  @Test(arguments: Finding.Kind.allCases) func everyKindHasItsClass(_ kind: Finding.Kind) {
    let minutes = kind.severity.respondWithinMinutes
    let within = minutes < 60 ? "\(minutes) min" : "\(minutes / 60) h"
    let row =
      "| `\(kind.rawValue)` `\(MessageID.finding(kind))` | \(kind.severity.rawValue) | \(within) |"
    #expect(reference.contains(row), "docs/Fields.md lacks \(row)")
  }

  /// What is shipped for others names no field that no record has.
  @Test func integrationsNameFieldsThatAre() throws {
    let files = try texts("config", ["yml", "yaml", "json", "conf", "rules"])
    var count = 0
    for (path, text) in files {
      for match in text.matches(of: /MCPOLICY_[A-Z0-9_]*[A-Z0-9]/) {
        count += 1
        #expect(reference.contains("`\(match.0)`"), "\(path) names \(match.0)")
      }
    }
    #expect(count > 50)
  }
}
