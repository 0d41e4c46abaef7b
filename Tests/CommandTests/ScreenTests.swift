import Linux
import MCPConfig
import Testing

@testable import mcpolicyctl

/// What is shown live fits the terminal, whatever size it has.
@Suite struct ScreenTests {
  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""),
    ("日本語", 6, "日本語"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"),
    ("\u{1B}[31mabc\u{1B}[0m", 3, "\u{1B}[31mabc\u{1B}[0m"),
    ("\u{1B}[31mabcdef\u{1B}[0m", 3, "\u{1B}[31mab…\u{1B}[0m"),
  ])
  func aLineIsCutAtTheEdge(_ line: String, _ columns: Int, _ clipped: String) {
    #expect(Screen.clipped(line, columns) == clipped)
  }

  @Test func noMoreLinesThanRows() {
    let lines = (1...50).map { "line \($0)" }
    #expect(Screen.frame(lines, .init(columns: 80, rows: 3)) == ["line 1", "line 2", "line 3"])
  }

  @Test(arguments: [5, 24, 100])
  func theIncidentsTakeTheRoomThatIsLeft(_ rows: Int) {
    let frame = LiveStatus.Frame(
      status: FakeDaemon.status,
      incidents: Array(repeating: FakeDaemon.incidents[0], count: 60))
    let now = WallTime(microseconds: 1_769_851_980_000_000)
    let lines = LiveStatus.lines(frame, .plain, now: now, rows: rows)
    let shown = lines.filter { $0.contains("i-1") }.count
    // The clock, eight lines of status and the table's head come first.
    #expect(shown == min(60, max(rows - 11, 0)))
    #expect(lines.contains { $0.hasPrefix("blocked    bob") })
  }

  @Test func whatIsOldIsSaidSo() {
    let frame = LiveStatus.Frame(status: FakeDaemon.status, incidents: [], complaint: "gone")
    let now = WallTime(microseconds: 1_769_851_980_000_000)
    #expect(
      LiveStatus.lines(frame, .plain, now: now, rows: 24)[1]
        == "seen last, as gone")
  }
}
