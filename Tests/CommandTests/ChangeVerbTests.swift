import Control
import MCPConfig
import Testing

@testable import mcpolicyctl

/// The verbs that change what holds, against a daemon that answers by a real socket.
@Suite(.serialized, .timeLimit(.minutes(1))) struct ChangeVerbTests {
  private let daemon: DaemonThread
  private let bench = Bench()

  init() throws { daemon = try DaemonThread() }

  private func run(_ arguments: String...) -> Outcome {
    bench.run(arguments + ["--socket", daemon.socket])
  }

  @Test func approveShowsTheDifferenceBeforeItAsks() throws {
    let file = try daemon.folder.file(
      "new.json", #"{"mcpServers":{"git":{"command":"/bin/uvx"}}}"#)
    bench.answer = "n"
    #expect(run("approve", file) == .failed)
    #expect(
      bench.output.contains(
        """
        against the baseline (-) it says (+):
        server git, changed
        - command: "uvx"
        + command: "/bin/uvx"
        server old, removed
        - command: "old-mcp"

        """), "\(bench.output)")
    #expect(bench.output.hasSuffix("[y/N] "))
    #expect(run("approve", file, "--yes", "--json") == .fine)
    #expect(try bench.json()["difference"]?["servers"]?.elements?.count == 2)
  }

  @Test func approveNamesEachRefusal() throws {
    let file = try daemon.folder.file("new.json", #"{"mcpServers":{"evil":{"command":"/x"}}}"#)
    #expect(run("approve", file, "--yes") == .badInput)
    #expect(
      bench.errors.hasSuffix(
        """
        mcpolicyctl: \(file):1:2: the whitelist doesn't know the server "evil" (rule: default)
        \(file):1:2: the whitelist doesn't know the server "worse" (rule: default)

        """), "\(bench.errors)")
    #expect(run("approve", file, "--yes", "--json") == .badInput)
    #expect(try bench.json()["refused"]?.elements?.count == 2)
  }

  @Test func theHistory() throws {
    #expect(run("baseline", "list") == .fine)
    #expect(
      bench.output == #"""
        NUMBER  APPROVED                          BY            SHA-256        SERVERS  NOTE
        2       2026-01-31 09:30:00Z (3 min ago)  root (uid 0)  747ec7e771a4…  1        monthly x\u{1b}]0;y\u{7}\u{202e}
        1       2026-01-31 09:30:00Z (3 min ago)  root (uid 0)  747ec7e771a4…  1        -

        """#)
    #expect(run("baseline", "show", "1") == .fine)
    #expect(bench.output.hasPrefix("baseline 1\napproved   2026-01-31 09:30:00Z"))
    #expect(run("baseline", "show", "--content") == .fine)
    #expect(bench.output == FakeDaemon.baseline)
    #expect(run("baseline", "rollback", "1") == .badInput)
    #expect(bench.errors.contains("--yes"))
    #expect(run("baseline", "rollback", "1", "--yes") == .fine)
    #expect(bench.output.contains("4 targets checked, 3 restored, 0 failed"))
    #expect(run("baseline", "show", "--json") == .fine)
    #expect(try bench.json()["baseline"]?["number"]?.integer == 2)
  }

  @Test func revoke() throws {
    #expect(run("revoke", "old", "--reason", "CVE") == .fine)
    #expect(
      bench.output == """
        old revoked: 4 targets checked, 3 restored, 0 failed
        had it: alice
        nothing runs that was started by its definitions

        """)
    // What may be a secret doesn't go from a definition to a terminal or a log.
    #expect(run("revoke", "old", "--json") == .fine)
    #expect(!bench.output.contains("hunter2"))
    #expect(try bench.json()["definitions"]?.elements?.first?["command"]?.string == "old-mcp")
    #expect(run("revoke", "odl") == .fine)
    #expect(bench.output.contains("is the name right?"))
    #expect(run("reinstate", "old") == .fine)
    #expect(bench.output == "old reinstated: 4 targets checked, 3 restored, 0 failed\n")
    #expect(run("revocations") == .fine)
    #expect(
      bench.output == #"""
        SERVER      REVOKED                           BY            REASON
        old         2026-01-31 09:30:00Z (3 min ago)  root (uid 0)  x\u{1b}]0;y\u{7}\u{202e}
        SHA-256 cd  ?                                 ?             -

        """#)
  }

  @Test func grantsAndRequests() throws {
    let rest = ["--until", "8h", "--ticket", "T", "--reason", "r", "--socket", daemon.socket]
    #expect(bench.run(["grant", "github", "--user", "alice"] + rest) == .fine)
    #expect(
      bench.output == """
        grant 7: alice has github until 2026-01-31 18:00:00Z (in 8 h); 4 targets checked, 3 restored, \
        0 failed

        """)
    #expect(run("grants") == .fine)
    #expect(bench.output.contains("7      github  alice  2026-01-31 18:00:00Z (in 8 h)  applies"))
    #expect(run("grants", "end", "7") == .fine)
    #expect(run("request", "github", "--reason", "r") == .fine)
    #expect(bench.output == "request 3 waits for a review\n")
    #expect(run("requests") == .fine)
    #expect(bench.output.contains(#"  x\u{1b}]0;y\u{7}\u{202e}"#))
    #expect(run("requests", "reject", "3", "--reason", "no") == .fine)
    for verb in ["grants", "requests"] {
      #expect(run(verb, "--json") == .fine)
      #expect(try bench.json()[ByteString(verb)]?.elements?.count == 1)
      #expect(!bench.output.unicodeScalars.contains("\u{1B}"))
    }
  }

  @Test(arguments: [
    ["grant"], ["grant", "github"], ["grant", "--user", "alice"],
    ["grant", "github", "--user", "alice", "--request", "1"], ["grants", "end"],
    ["grants", "end", "0"], ["grants", "end", "x"], ["request", "github"],
    ["requests", "reject", "1"],
    ["baseline", "rollback"], ["baseline", "rollback", "0"], ["baseline", "show", "-1"],
    ["baseline", "show", "--content", "--json"], ["baseline", "list", "--limit", "-1"], ["revoke"],
    ["revoke", "x", "--grace", "-1"], ["revoke", "x", "--grace", "nan"], ["reinstate"],
  ])
  func badUsage(_ arguments: [String]) {
    let rest =
      arguments.first == "grant" ? ["--until", "8h", "--ticket", "T", "--reason", "r"] : []
    #expect(bench.run(arguments + rest + ["--socket", "/nonexistent"]) == .badInput)
    #expect(!bench.errors.isEmpty && bench.output.isEmpty)
  }

  @Test func withoutTheDaemonExitIs3() {
    for arguments in [
      ["revoke", "x"], ["reinstate", "x"], ["revocations"], ["grants"], ["requests"],
      ["request", "x", "--reason", "r"], ["baseline", "list"], ["baseline", "show"],
      ["baseline", "rollback", "1", "--yes"],
    ] {
      #expect(bench.run(arguments + ["--socket", "/nonexistent"]) == .notReachable)
    }
  }
}
