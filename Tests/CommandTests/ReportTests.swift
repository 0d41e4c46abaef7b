import MCPConfig
import Testing

@testable import mcpolicyctl

/// What enforcing would have restored.
@Suite struct ReportTests {
  private let bench = Bench()

  private func incident(
    _ path: String, _ time: String, _ kind: String = "server-drift", action: String = "reported",
    mode: String = "observe", count: Int = 1
  ) -> JSON {
    [
      "id": "i", "discovered_at": .text("2026-01-31T09:\(time):00Z"), "target": "kiro",
      "path": .text(path), "user": "alice", "uid": 1000, "action": .text(action),
      "mode": .text(mode), "count": .int(count),
      "findings": [["kind": .text(kind), "severity": "high", "message": .text("It \(time).")]],
    ]
  }

  private func target(_ path: String, _ state: String, mode: String = "observe") -> JSON {
    [
      "name": "kiro", "path": .text(path), "user": "bob", "uid": 1001, "mode": .text(mode),
      "state": .text(state),
      "findings": [["kind": "missing-file", "severity": "medium", "message": "Gone."]],
    ]
  }

  @Test func eachTargetOnce() {
    let report = WouldReport(
      incidents: [
        incident("/a", "30"), incident("/a", "20", count: 3), incident("/b", "10"),
        incident("/c", "05", "watch-degraded"), incident("/d", "04", action: "restored"),
        incident("/e", "03", action: "reported", mode: "enforce"),
      ],
      targets: [
        target("/a", "drifted"), target("/b", "compliant"), target("/f", "drifted"),
        target("/g", "drifted", mode: "enforce"),
      ])
    #expect(report.entries.map(\.path) == ["/a", "/b", "/f"])
    #expect(report.entries.map(\.times) == [4, 1, 0])
    #expect(report.entries.map(\.stands) == [true, false, true])
    #expect(report.entries[0].first.string == "2026-01-31T09:20:00Z")
    #expect(report.entries[0].last.string == "2026-01-31T09:30:00Z")
    #expect(report.observed == 3)
    #expect(
      WouldReportText.text(report, .plain, now: bench.now) == """
        Enforcing would have restored 3 targets; drift stands at 2.

        TARGET  USER   TIMES  LAST                               STANDS  PATH
        kiro    alice  4      2026-01-31 09:30:00Z (3 min ago)   yes     /a
          high server-drift: It 30.
        kiro    alice  1      2026-01-31 09:10:00Z (23 min ago)  no      /b
          high server-drift: It 10.
        kiro    bob    0      -                                  yes     /f
          medium missing-file: Gone.

        """)
    let json = report.json
    #expect(json.list("would").count == 3)
    #expect(
      json.list("would").first?.members?.map(\.key) == [
        "target", "path", "user", "uid", "times", "first", "last", "stands", "findings",
      ])
    #expect(json["complete"]?.bool == true)
  }

  @Test func nothing() {
    #expect(
      WouldReportText.text(WouldReport(incidents: [], targets: []), .plain, now: bench.now)
        == "No target that you may see is in observe.")
    #expect(
      WouldReportText.text(
        WouldReport(incidents: [], targets: [target("/a", "compliant")]), .plain, now: bench.now)
        == "Enforcing would have restored nothing at 1 observed target.")
  }

  @Test func optionsThatDontGoTogether() {
    for options in [
      ["--would", "--output", "x"], ["--would", "--since", "7d"],
      ["--ledger", "a", "--journal", "b"],
      ["--json", "--format", "csv"], ["--format", "pdf"],
    ] {
      #expect(bench.run(["report"] + options) == .badInput)
    }
  }
}
