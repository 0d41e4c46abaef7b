import Glibc
import Linux
import MCPConfig
import Testing

@testable import mcpolicyctl

/// The report from a ledger's folder.
@Suite struct EvidenceReportTests {
  private let bench = Bench()
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// Puts a ledger there, chained as the daemon does it: incidents by their numbers and times.
  private func write(_ incidents: [(number: Int, at: String)]) throws {
    var prev = String(repeating: "0", count: 64)
    var days: [String: String] = [:]
    for (index, incident) in incidents.enumerated() {
      let time = JSON.text(incident.at)
      let data: JSON = [
        "action": "restored", "count": 1, "discovered_at": time,
        "findings": [["kind": "server-drift", "server": "git"]],
        "id": .text("1769763600000000-\(incident.number)"), "latency_usec": 210, "severity": "high",
        "user": "alice",
      ]
      var members: [(String, JSON)] = [
        ("at", time), ("data", data), ("host", "vdi-1"), ("kind", "incident"),
        ("prev", .text(prev)),
        ("seq", .int(index + 1)),
      ]
      prev = JSON.object(members).canonicalSHA256.hexadecimal
      members.append(("hash", .text(prev)))
      let line = String(decoding: JSON.object(members).canonicalForm, as: UTF8.self)
      days[String(incident.at.prefix(10)), default: ""] += "\(line)\n"
    }
    for (day, lines) in days { _ = try folder.file("\(day).jsonl", lines) }
    let head = "{\"hash\": \"\(prev)\", \"seq\": \(incidents.count)}"
    let padding = String(repeating: " ", count: 127 - head.utf8.count)
    _ = try folder.file("head", "\(head)\(padding)\n")
  }

  private static let morning = "2026-01-30T09:00:00.000000Z"

  private func total() throws -> Int? { try bench.json()["incidents"]?["count"]?["total"]?.integer }

  @Test func daysOfThePeriodAreRead() throws {
    try write([
      (3, "2025-06-01T09:00:00.000000Z"), (1, Self.morning), (2, Self.morning), (1, Self.morning),
    ])
    #expect(bench.run("report", "--ledger", folder.path, "--json") == .fine)
    #expect(try total() == 2)
    #expect(try bench.json()["incidents"]?["repeated"]?.integer == 1)
    #expect(try bench.json()["records"]?["ledger"]?["verified"]?.bool == true)
    #expect(try bench.json()["records"]?["ledger"]?["records"]?.integer == 4)
    #expect(
      bench.run("report", "--ledger", folder.path, "--since", "2025-05-01", "--json") == .fine)
    #expect(try total() == 3)
    #expect(bench.run("report", "--ledger", folder.path, "--since", "12h", "--json") == .fine)
    #expect(try total() == 0)
  }

  @Test func aDayIsCountedWhole() throws {
    try write([(1, "2026-01-30T23:59:59.999999Z")])
    for (until, count) in [
      ("2026-01-30", 1), ("2026-01-29", 0), ("2026-01-30T23:59:59.999999Z", 0),
    ] {
      #expect(
        bench.run(
          "report", "--ledger", folder.path, "--since", "2026-01-01", "--until", until, "--json")
          == .fine)
      #expect(try total() == count, "\(until)")
    }
  }

  @Test func theFormatIsTheFilesName() throws {
    try write([(1, Self.morning)])
    let folder = try TemporaryFolder()
    for (name, start) in [
      ("a.html", "<!DOCTYPE html>"), ("a.csv", "\"section\""), ("a.md", "# MCP"), ("a.json", "{"),
    ] {
      let path = "\(folder.path)/\(name)"
      #expect(bench.run("report", "--ledger", self.folder.path, "--output", path) == .fine)
      #expect(bench.output.isEmpty)
      #expect(String(decoding: try InputFile(path).bytes, as: UTF8.self).hasPrefix(start))
    }
    #expect(bench.run("report", "--ledger", self.folder.path) == .fine)
    #expect(bench.output.hasPrefix("# MCP configuration compliance report"))
  }

  /// A report that lacks something says so, and its exit too.
  @Test func whatCantBeReadIsTold() throws {
    try write([(1, "2026-01-29T09:00:00.000000Z"), (2, Self.morning)])
    _ = try folder.file("2026-01-29.jsonl", "{\"broken\n")
    _ = try folder.file("2026-01-28.jsonl.gz", "not gzip")
    #expect(bench.run("report", "--ledger", folder.path, "--json") == .findings)
    #expect(bench.errors.contains("2026-01-28.jsonl.gz"))
    #expect(try total() == 1)
    #expect(try bench.json()["records"]?["unreadable"]?.integer == 1)
    #expect(try bench.json()["records"]?["unreadable_files"]?.elements?.count == 1)
    #expect(try bench.json()["cautions"]?.elements?.count == 2)
    #expect(try bench.json()["records"]?["ledger"]?["verified"]?.bool == false)
  }

  @Test func noEvidenceIsNoReport() throws {
    #expect(bench.run("report", "--ledger", folder.path) == .badInput)
    #expect(bench.run("report", "--ledger", "\(folder.path)/none") == .badInput)
    #expect(bench.run("report", "--root", folder.path) == .badInput)
    #expect(bench.errors.contains("\(folder.path)/var/lib/mcpolicyd/ledger"))
    #expect(bench.run("report", "--journal", folder.path) == .badInput)
    _ = try folder.file("a.journal", "no journal")
    #expect(bench.run("report", "--journal", folder.path) == .findings)
    #expect(bench.errors.contains("a.journal"))
  }

  @Test(arguments: ["x", "0d", "-1d", "30", "2026-02-30", "+5d", "99999999999999999999d"])
  func timesThatAreNone(_ text: String) throws {
    try write([(1, Self.morning)])
    #expect(bench.run("report", "--ledger", folder.path, "--since=\(text)") == .badInput)
    #expect(bench.run("report", "--ledger", folder.path, "--until=\(text)") == .badInput)
  }

  @Test func aPeriodEndsAfterItsStart() throws {
    try write([(1, Self.morning)])
    #expect(
      bench.run("report", "--ledger", folder.path, "--since", "1d", "--until", "2d") == .badInput)
    #expect(bench.run("report", "--ledger", folder.path, "--since", "2000-01-01") == .badInput)
  }
}
