import Control
import MCPConfig
import Testing

@testable import mcpolicyctl

/// All that is known of one incident.
@Suite(.serialized, .timeLimit(.minutes(1))) struct TraceTests {
  private let daemon: DaemonThread
  private let bench = Bench()

  init() throws { daemon = try DaemonThread() }

  private func run(_ arguments: String...) -> Outcome {
    bench.run(arguments + ["--socket", daemon.socket])
  }

  @Test func theWholeTrace() {
    #expect(run("explain", "1769851800123456-7") == .fine)
    #expect(
      bench.output == #"""
        incident   1769851800123456-7, from the daemon
        found      2026-01-31 09:30:00Z (2 min ago)
        at         /home/alice/.kiro/settings/mcp.json
        target     kiro, of alice (uid 1000)
        severity   high
        findings   1, the worst first
          high unauthorized-server evil\u{1b}]0;x\u{7}\u{202e}: Server "evil" isn't in the whitelist. (rule: default)
        judged by  generation 3 of the policy, enforce
        done       restored: the approved copy was put back, and what was there taken away; 2 times, told once
        latency    140 µs
        approved   SHA-256 747ec7e771a41218eaae84bb5941afcb2d5ca61d471cbdc2d1eea399d5011733
        on disk    SHA-256 0fc79fd2b5627db04cede75ea6783b76967218a2e001cc12090e79f73e9bf376
        evidence   /var/lib/mcpolicyd/evidence/0fc79fd2b5627db04cede75ea6783b76967218a2e001cc12090e79f73e9bf376 (root only)
        respond by 2026-01-31 10:30:00Z (in 57 min); high: within 1 hour
        response   acknowledged
        overdue    since 2026-01-31 09:30:30Z (2 min ago)
        taken up   2026-01-31 09:31:00Z (2 min ago) by carol (uid 1002): looking\u{1b}[2J
        next       to be given evil\u{1b}]0;x\u{7}\u{202e}: mcpolicyctl request SERVER --reason "why you need it"

        """#)
  }

  @Test func json() throws {
    #expect(run("explain", "1769851800123456-7", "--json") == .fine)
    let found = try bench.json()
    #expect(found.members?.map(\.key) == ["incident", "source", "evidence_path", "next"])
    #expect(found["incident"]?.canonicalForm == FakeDaemon.traced.canonicalForm)
    #expect(found["source"]?.string == "daemon")
    #expect(
      found["evidence_path"]?.string?.text
        == "/var/lib/mcpolicyd/evidence/0fc79fd2b5627db04cede75ea6783b76967218a2e001cc12090e79f73e9bf376"
    )
  }

  @Test func anUnknownIncidentIsBadInput() {
    #expect(run("explain", "1769851800123456-8", "--root", "/nonexistent") == .badInput)
    #expect(bench.errors.contains("has an incident 1769851800123456-8"))
    #expect(
      bench.run("explain", "1769851800123456-8", "--root", "/nonexistent") == .notReachable)
  }

  @Test(arguments: [
    ("1769851800123456-7", true), ("i-1", false), ("1769851800123456", false), ("-7", false),
    ("7-", false), ("1-2-3", false), ("", false), ("/1-2", false),
  ])
  func ids(_ word: String, _ isID: Bool) {
    #expect(IncidentTrace.isID(word) == isID)
  }

  /// The journal keeps each value of a repeated field once, in no order.
  @Test func anEntryOfTheJournal() throws {
    let fields = [
      ("MESSAGE", "unauthorized-server (and 1 more): it"),
      ("MCPOLICY_INCIDENT", "1769851800123456-7"),
      ("MCPOLICY_KIND", "server-drift"), ("MCPOLICY_KIND", "unauthorized-server"),
      ("MCPOLICY_RULE", "default"), ("MCPOLICY_SERVER", "a=b\u{1B}[2J"),
      ("MCPOLICY_ACTION", "reported"), ("MCPOLICY_SEVERITY", "high"), ("MCPOLICY_UID", "1000"),
      ("MCPOLICY_USER", "alice"), ("MCPOLICY_MODE", "observe"), ("MCPOLICY_GENERATION", "2"),
    ].map { (name: ByteString($0.0), value: ByteString($0.1)) }
    let incident = try #require(IncidentRecord(fields).json)
    #expect(incident["discovered_at"]?.string == "2026-01-31T09:30:00.123456Z")
    #expect(incident.number("uid") == 1000)
    #expect(incident.list("kinds").map(\.string) == ["server-drift", "unauthorized-server"])
    #expect(incident.list("servers").map(\.string) == ["a=b\u{1B}[2J"])
    #expect(IncidentRecord([]).json == nil)
    #expect(IncidentTraceText.next(incident).first == "it may still stand: mcpolicyctl targets")
  }

  @Test(arguments: [
    ("git", "git"), ("my srv", "'my srv'"), ("it's", "'it'\\''s'"), ("$(x)", "'$(x)'"),
    ("-x", "SERVER"), ("a\u{1B}b", "SERVER"), ("", "SERVER"),
  ])
  func aRequestIsSafeToPaste(_ name: String, _ word: String) {
    #expect(ServerRequest.word(ByteString(name)) == word)
  }
}
