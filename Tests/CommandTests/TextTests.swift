import Linux
import MCPConfig
import Testing

@testable import mcpolicyctl

@Suite struct TextTests {
  private let now = WallTime(microseconds: 1_769_851_980_000_000)

  @Test func columnsAlign() {
    var table = Table("A", "LONG", "C")
    table.add(.init("wide text"), .init("x"), .init("end"))
    table.add(.init("日本"), .init("e\u{301}"), .init("end"))
    table.add(note: "about it")
    #expect(
      table.text(.plain) == """
        A          LONG  C
        wide text  x     end
        日本       e\u{301}     end
          about it

        """)
  }

  @Test func colourDoesntMoveColumns() {
    var table = Table("STATE", "PATH")
    table.add(.init(word: "drifted"), .init("/a"))
    table.add(.init(word: "other"), .init("/b"))
    #expect(
      table.text(Style(isColoured: true)) == """
        \u{1B}[2mSTATE\u{1B}[0m    \u{1B}[2mPATH\u{1B}[0m
        \u{1B}[31mdrifted\u{1B}[0m  /a
        other    /b

        """)
  }

  @Test(arguments: [
    ("2026-01-31T09:33:00.000000Z", "2026-01-31 09:33:00Z (just now)"),
    ("2026-01-31T09:32:30Z", "2026-01-31 09:32:30Z (30 s ago)"),
    ("2026-01-31T09:30:00.5Z", "2026-01-31 09:30:00Z (2 min ago)"),
    ("2026-01-31T06:00:00Z", "2026-01-31 06:00:00Z (3 h ago)"),
    ("2026-01-01T00:00:00Z", "2026-01-01 00:00:00Z (30 d ago)"),
    ("2026-01-31T09:48:00Z", "2026-01-31 09:48:00Z (in 15 min)"),
    ("yesterday", "yesterday"),
    ("2026-01-31 09:30:00+08:00", "2026-01-31 09:30:00+08:00"),
  ])
  func times(_ text: String, _ shown: String) {
    #expect(Moment.text(text, now: now) == shown)
  }

  @Test func durations() {
    #expect(Moment.duration(999) == "999 µs")
    #expect(Moment.duration(1000) == "1.0 ms")
    #expect(Moment.duration(12_345) == "12.3 ms")
    #expect(Moment.duration(2_500_000) == "2.5 s")
  }

  @Test func harmlessJSONIsTheSameJSON() throws {
    let json: JSON = ["k\u{9B}": "\u{202E}a\u{7F}\u{1B}[2J\u{2028}é日\u{E0001}\"\\"]
    let text = JSONOutput.pretty(json)
    #expect(try JSON(parsing: text).canonicalForm == json.canonicalForm)
    let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
    #expect(scalars.contains("é") && scalars.contains("日"))
    for scalar in scalars where scalar != "\n" {
      #expect(ByteString(String(scalar)).escaped == String(scalar))
    }
  }

  @Test func aNewDaemonReadsFriendly() {
    let status: JSON = [
      "state": "unprovisioned", "mode": "enforce", "generation": 1,
      "targets": ["total": 0, "compliant": 0, "drifted": 0, "unwatched": 0],
      "restores": ["total": 0, "failed": 0, "latency_usec": [:]],
      "incidents": ["total": 0, "open": 0, "by_severity": [:]],
    ]
    #expect(
      StatusText.text(status, .plain, now: now) == """
        mcpolicyd: unprovisioned, enforce, generation 1
        baseline   none yet: mcpolicyctl approve FILE makes one
        targets    none: no home and no central target was found
        restores   0, 0 failed
        incidents  0, 0 open
        """)
    #expect(TargetsText.text([], .plain) == "No targets that you may see.")
    #expect(IncidentText.table([], .plain, now: now) == "No incidents that you may see.")
  }

  @Test func manyFindingsAreOneLine() {
    let findings: [JSON] = (1...5).map { ["kind": .text("kind-\($0)"), "server": "s"] }
    let incident: JSON = ["findings": .array(findings), "count": 4]
    #expect(
      IncidentText.line(incident, .plain)
        == "? ? ? : kind-1 s, kind-2 s, kind-3 s and 2 more ×4 ?")
  }

  @Test(arguments: [
    (0, 0, 0, Outcome.fine), (2, 2, 0, .fine), (2, 1, 0, .findings), (2, 1, 1, .failed),
  ])
  func sweepStatus(_ drifted: Int, _ restored: Int, _ failed: Int, _ outcome: Outcome) {
    let reply: JSON = [
      "drifted": .int(drifted), "restored": .int(restored), "failed": .int(failed),
    ]
    #expect(SweepText.status(reply) == outcome)
  }
}
