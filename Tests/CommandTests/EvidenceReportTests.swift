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

  /// A line as the daemon writes it, of the 30th of January 2026.
  private func line(_ number: Int, at time: String = "2026-01-30T09:00:00.000000Z") -> String {
    """
    {"at": "\(time)", "data": {"action": "restored", "count": 1, "discovered_at": "\(time)", "findings": \
    [{"kind": "server-drift", "server": "git"}], "id": "1769763600000000-\(number)", "latency_usec": 210, \
    "severity": "high", "user": "alice"}, "hash": "", "host": "vdi-1", "kind": "incident", "prev": "", "seq": 1}

    """
  }

  private func total() throws -> Int? { try bench.json()["incidents"]?["count"]?["total"]?.integer }

  @Test func daysOfThePeriodAreRead() throws {
    _ = try folder.file("2026-01-30.jsonl", line(1) + line(2) + line(1))
    _ = try folder.file("2025-06-01.jsonl", line(3, at: "2025-06-01T09:00:00.000000Z"))
    _ = try folder.file("head", "no ledger")
    #expect(bench.run("report", "--ledger", folder.path, "--json") == .fine)
    #expect(try total() == 2)
    #expect(try bench.json()["incidents"]?["repeated"]?.integer == 1)
    #expect(
      bench.run("report", "--ledger", folder.path, "--since", "2025-05-01", "--json") == .fine)
    #expect(try total() == 3)
    #expect(bench.run("report", "--ledger", folder.path, "--since", "12h", "--json") == .fine)
    #expect(try total() == 0)
  }

  @Test func aDayIsCountedWhole() throws {
    _ = try folder.file("2026-01-30.jsonl", line(1, at: "2026-01-30T23:59:59.999999Z"))
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
    _ = try folder.file("2026-01-30.jsonl", line(1))
    for (name, start) in [
      ("a.html", "<!DOCTYPE html>"), ("a.csv", "\"section\""), ("a.md", "# MCP"), ("a.json", "{"),
    ] {
      let path = "\(folder.path)/\(name)"
      #expect(bench.run("report", "--ledger", folder.path, "--output", path) == .fine)
      #expect(bench.output.isEmpty)
      #expect(String(decoding: try InputFile(path).bytes, as: UTF8.self).hasPrefix(start))
    }
    #expect(bench.run("report", "--ledger", folder.path) == .fine)
    #expect(bench.output.hasPrefix("# MCP configuration compliance report"))
  }

  /// A report that lacks something says so, and its exit too.
  @Test func whatCantBeReadIsTold() throws {
    _ = try folder.file("2026-01-30.jsonl", line(1) + "{\"broken\n" + line(2))
    _ = try folder.file("2026-01-29.jsonl.gz", "not gzip")
    #expect(bench.run("report", "--ledger", folder.path, "--json") == .findings)
    #expect(bench.errors.contains("2026-01-29.jsonl.gz"))
    #expect(try total() == 2)
    #expect(try bench.json()["records"]?["unreadable"]?.integer == 1)
    #expect(try bench.json()["records"]?["unreadable_files"]?.elements?.count == 1)
    #expect(try bench.json()["cautions"]?.elements?.count == 2)
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
    _ = try folder.file("2026-01-30.jsonl", line(1))
    #expect(bench.run("report", "--ledger", folder.path, "--since=\(text)") == .badInput)
    #expect(bench.run("report", "--ledger", folder.path, "--until=\(text)") == .badInput)
  }

  @Test func aPeriodEndsAfterItsStart() throws {
    _ = try folder.file("2026-01-30.jsonl", line(1))
    #expect(
      bench.run("report", "--ledger", folder.path, "--since", "1d", "--until", "2d") == .badInput)
    #expect(bench.run("report", "--ledger", folder.path, "--since", "2000-01-01") == .badInput)
  }
}
