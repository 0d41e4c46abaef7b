import Linux
import MCPConfig
import Testing

@testable import mcpolicyctl

/// What becomes a notice, and what it says.
@Suite struct NotifyTests {
  private let start = MonotonicTime(nanoseconds: 1_000_000_000_000)
  private let bench = Bench()

  private func incident(
    _ server: String = "evil", kind: String = "unauthorized-server", action: String = "restored",
    path: String = "/home/alice/.kiro/settings/mcp.json", severity: String = "high"
  ) -> JSON {
    [
      "id": "1-1", "path": .text(path), "action": .text(action), "severity": .text(severity),
      "findings": [
        [
          "kind": .text(kind), "server": .text(server),
          "message": .text("Server \"\(server)\" isn't in the whitelist."),
        ]
      ],
    ]
  }

  @Test func oneNoticeACauseAndHour() {
    var limit = NoticeLimit()
    func admit(_ incident: JSON, _ seconds: Double) -> Int? {
      limit.admit(NoticeLimit.Cause(incident), at: start.advanced(bySeconds: seconds))
    }
    #expect(admit(incident(), 0) == 0)
    #expect(admit(incident(), 1) == nil)
    #expect(admit(incident("other"), 1) == 0)
    #expect(admit(incident(kind: "server-drift"), 1) == 0)
    #expect(admit(incident(action: "failed"), 1) == 0)
    #expect(admit(incident(path: "/home/alice/other.json"), 1) == 0)
    #expect(admit(incident(), 3599) == nil)
    #expect(admit(incident(), 3600) == 2, "it says how often it kept quiet")
    #expect(admit(incident(), 3601) == nil)
  }

  @Test func madeUpNamesMakeNoFlood() {
    var limit = NoticeLimit()
    let admitted = (0..<1000).count {
      limit.admit(NoticeLimit.Cause(incident("s\($0)")), at: start) != nil
    }
    #expect(admitted == NoticeLimit.most)
    #expect(
      limit.admit(
        NoticeLimit.Cause(incident("new")), at: start.advanced(bySeconds: NoticeLimit.seconds))
        == 0)
  }

  @Test func markupIsEscaped() {
    let hostile = #"<a href="http://x">&amp;</a>'"# + "\u{1B}\u{202E}\n"
    let notice = Notice(incident(hostile, path: "/home/<b>x"), suppressed: 0)
    for part in ["<", ">", "\"", "'", "\u{1B}", "\u{202E}"] {
      #expect(!notice.body.contains(part), "\(part)")
    }
    #expect(notice.body.contains("/home/&lt;b&gt;x\n"))
    #expect(notice.body.contains("&lt;a href=&quot;http://x&quot;&gt;&amp;amp;&lt;/a&gt;&#39;"))
    #expect(notice.body.contains("\\u{1b}\\u{202e}\\u{a}"))
    #expect(notice.summary == "Your MCP configuration was put back")
  }

  @Test(arguments: [
    ("restored", "put back"), ("reported", "isn't what was approved"), ("held", "too often"),
    ("failed", "could not be put back"),
  ])
  func whatWasDone(_ action: String, _ words: String) {
    #expect(Notice(incident(action: action), suppressed: 0).summary.contains(words))
  }

  @Test func whatItSays() {
    let notice = Notice(incident(severity: "critical"), suppressed: 3)
    #expect(
      notice.body == """
        /home/alice/.kiro/settings/mcp.json
        evil: Server &quot;evil&quot; isn&#39;t in the whitelist.
        The same happened 3 times more.
        Why: mcpolicyctl explain 1-1
        """)
    #expect(notice.isUrgent)
    let long = Notice(incident(String(repeating: "x", count: 100_000)), suppressed: 0)
    #expect(long.body.utf8.count < 2000)
    #expect(!Notice(["findings": []], suppressed: 0).isUrgent)
  }

  @Test func itPrintsNothing() {
    #expect(bench.run("watch", "--notify", "--json") == .badInput)
  }
}
