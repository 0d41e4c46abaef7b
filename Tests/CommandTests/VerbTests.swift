import Control
import Glibc
import Linux
import MCPConfig
import Testing

@testable import mcpolicyctl

/// Every verb that asks the daemon, against one that answers by a real socket.
@Suite(.serialized, .timeLimit(.minutes(1))) struct VerbTests {
  private let daemon: DaemonThread
  private let bench = Bench()

  init() throws { daemon = try DaemonThread() }

  private func run(_ arguments: String...) -> Outcome {
    bench.run(arguments + ["--socket", daemon.socket])
  }

  private func expectJSON(_ wanted: JSON) throws {
    let found = try bench.json()
    #expect(found.canonicalForm == wanted.canonicalForm)
    #expect(bench.errors == "")
  }

  @Test func status() throws {
    #expect(run("status") == .fine)
    #expect(
      bench.output == #"""
        mcpolicyd 1.2.3: degraded, enforce, generation 3, since 2026-01-30 07:59:00Z (25 h ago)
        baseline   747ec7e771a4…, approved 2026-01-30 08:00:00Z (25 h ago) by root
        targets    3: 1 compliant, 1 drifted, 1 unwatched
        restores   12, 1 failed; latency p50 140 µs, p95 420 µs, p99 1.9 ms, max 12.0 ms
        incidents  13, 1 open; 1 critical, 11 high, 1 medium; 4 awaiting a response, 2 acknowledged, 1 overdue
        overdue    ciso: 1769851800123456-7 high unauthorized-server of al\u{1b}ice, due 2026-01-31 09:30:00Z (2 min ago)
        blocked    bob: the home doesn't answer
        problem    no inotify watch left: 1 target is only swept

        """#)
    #expect(run("status", "--json") == .fine)
    try expectJSON(FakeDaemon.status)
  }

  @Test func targets() throws {
    #expect(run("targets") == .fine)
    #expect(
      bench.output == #"""
        TARGET   USER   STATE        MODE     WATCHED  PATH
        central  -      compliant    enforce  yes      /etc/kiro/mcp.json
        kiro     alice  drifted      observe  yes      /home/alice/.kiro/settings/mcp.json
          high unauthorized-server evil\u{1b}]0;x\u{7}\u{202e}: Server "evil" isn't in the whitelist. (rule: default)
        kiro     bob    unreachable  enforce  no       /home/b\u{1b}[2Job/.kiro/settings/mcp.json

        """#)
    #expect(run("targets", "--json") == .fine)
    try expectJSON(["targets": .array(FakeDaemon.targets)])
  }

  @Test func incidents() throws {
    #expect(run("incidents") == .fine)
    #expect(
      bench.output == #"""
        FOUND                             SEVERITY  ACTION    STATE                USER   TARGET   ID   WHAT
        2026-01-31 09:30:00Z (2 min ago)  critical  failed    overdue (team-lead)  -      central  i-2  unauthorized-server evil\u{1b}]0;x\u{7}\u{202e}
        2026-01-31 09:30:00Z (2 min ago)  high      restored  open                 alice  kiro     i-1  unauthorized-server evil\u{1b}]0;x\u{7}\u{202e}

        """#)
    #expect(run("incidents", "--user", "alice", "--json") == .fine)
    try expectJSON(["incidents": [FakeDaemon.incidents[0]]])
    #expect(run("incidents", "--limit", "1", "--target", "central", "--json") == .fine)
    try expectJSON(["incidents": [FakeDaemon.incidents[1]]])
    #expect(run("incidents", "--user", "nobody") == .fine)
    #expect(bench.output == "No incidents that you may see.\n")
  }

  @Test func theLedgerIsShown() throws {
    #expect(run("ledger", "show") == .fine)
    #expect(bench.output == "{\"seq\": 1}\nall\n")
    #expect(run("ledger", "show", "--since", "2026-01-31T18:00:00Z") == .fine)
    #expect(bench.output.hasSuffix("2026-01-31T18:00:00Z\n"))
    #expect(run("ledger", "show", "--since", "today") == .badInput)
    for head in ["", "1", "1:ff", "x:\(String(repeating: "0", count: 64))"] {
      #expect(run("ledger", "verify", "--head", head) == .badInput, "\(head)")
    }
    #expect(run("ledger", "verify", "--ledger", "/nowhere") == .badInput)
    #expect(run("ledger", "head", "--ledger", "/nowhere") == .badInput)
  }

  @Test func targetsThatAreSo() throws {
    #expect(run("targets", "--user", "alice", "--json") == .fine)
    try expectJSON(["targets": [FakeDaemon.targets[1]]])
    #expect(run("targets", "--state", "unreachable", "--json") == .fine)
    try expectJSON(["targets": [FakeDaemon.targets[2]]])
    #expect(run("targets", "--unwatched", "--state", "compliant") == .fine)
    #expect(bench.output == "No target is so.\n")
    #expect(run("targets", "--state", "good") == .badInput)
    #expect(run("targets", "--by-user") == .fine)
    #expect(
      bench.output == """
        USER   TARGETS  COMPLIANT  DRIFTED  UNPROVISIONED  UNREACHABLE  UNWATCHED
        -      1        1          0        0              0            0
        alice  1        0          1        0              0            0
        bob    1        0          0        0              1            1

        """)
    #expect(run("targets", "--by-user", "--user", "bob", "--json") == .fine)
    try expectJSON([
      "users": [
        [
          "user": "bob", "targets": 1, "compliant": 0, "drifted": 0, "unprovisioned": 0,
          "unreachable": 1, "unwatched": 1,
        ]
      ]
    ])
  }

  @Test(arguments: [
    ("--severity", "critical", ["i-2"]), ("--severity", "low", ["i-2", "i-1"]),
    ("--action", "restored", ["i-1"]), ("--kind", "server-drift", []),
    ("--kind", "unauthorized-server", ["i-2", "i-1"]), ("--state", "open", ["i-2", "i-1"]),
    ("--state", "overdue", ["i-2"]), ("--state", "resolved", []),
  ])
  func incidentsThatAreSo(_ option: String, _ word: String, _ ids: [String]) throws {
    #expect(run("incidents", option, word, "--json") == .fine)
    #expect(try bench.json().list("incidents").map { $0["id"]?.string?.text } == ids)
    #expect(run("incidents", option, word, "--limit", "1", "--json") == .fine)
    #expect(try bench.json().list("incidents").count == min(ids.count, 1))
  }

  @Test func statusTellsMoreWhereItIsKnown() {
    let status: JSON = [
      "state": "ok", "mode": "enforce", "generation": 1,
      "targets": ["total": 2, "compliant": 1, "drifted": 1, "unwatched": 0, "noisy": 1],
      "last_sweep": "2026-01-31T09:30:00Z", "failed_reloads": 2,
      "reload_failure": "policy.json:3:3: x\u{1B}",
    ]
    let text = StatusText.text(status, .plain, now: bench.now)
    #expect(text.contains("\nsweep      last 2026-01-31 09:30:00Z (3 min ago)\n"))
    #expect(
      text.contains(
        "\nreloads    2 failed; the policy on disk isn't in force: policy.json:3:3: x\\u{1b}"))
    #expect(text.contains("1 drifted, 0 unwatched, 1 noisy (looked at on a timer)"))
  }

  @Test func watch() throws {
    #expect(run("watch") == .failed)
    let lines = bench.output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(
      lines.last
        == "2026-01-31T09:32:00.000000Z overdue high alice kiro: 1769851800123456-7, to know: ciso")
    #expect(
      lines.first == #"""
        2026-01-31T09:30:00.123456Z high restored alice kiro: unauthorized-server evil\u{1b}]0;x\u{7}\u{202e} [140 µs] /home/alice/.kiro/settings/mcp.json
        """#)
    #expect(run("watch", "--json") == .failed)
    let found = try bench.output.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
    #expect(
      found.map(\.canonicalForm)
        == (FakeDaemon.incidents + [FakeDaemon.step]).map(\.canonicalForm))
    #expect(bench.errors == "mcpolicyctl: stopping\n")
  }

  @Test func sweep() throws {
    #expect(run("sweep") == .findings)
    #expect(bench.output == "3 targets checked in 1.2 ms: 1 drifted, 0 restored, 0 failed\n")
    #expect(run("sweep", "--json") == .findings)
    #expect(try bench.json()["duration_usec"]?.integer == 1234)
  }

  @Test func reload() {
    #expect(run("reload") == .badInput)
    #expect(bench.errors == "mcpolicyctl: policy.json:4:3: unknown key \"mod\"\n")
    #expect(bench.output == "")
  }

  @Test func dryRun() throws {
    #expect(run("reload", "--dry-run") == .fine)
    #expect(
      bench.output == #"""
        The policy holds and would be generation 4 (enforce). Nothing was changed.
        3 targets looked at: 1 would be restored, 0 only reported, 1 couldn't be restored
          1 rollout: right as it is now, and not under this policy; 1 drift: not right now either
          1 missing-file, 1 unauthorized-server
          1 target would not be kept any more
          the approved file is what the pin names, and would be the baseline
          a home didn't answer: the figures lack it
          problem: the approved configuration can't be read

        TARGET  USER   WOULD    WHY      PATH
        kiro    alice  restore  rollout  /home/alice/.kiro/settings/mcp.json
          high unauthorized-server evil\u{1b}]0;x\u{7}\u{202e}: Server "evil" isn't in the whitelist. (rule: default)
        kiro    bob    fail     drift    /home/bob/.kiro/settings/mcp.json
          fails: rename: Device or resource busy

        """#)
    #expect(run("reload", "--dry-run", "--json") == .fine)
    try expectJSON(FakeDaemon.dryRun)
  }

  @Test func approve() throws {
    let file = try daemon.folder.file(
      "new.json", #"{"mcpServers":{"git":{"command":"uvx"}}}"# + "\r\n")
    let digest = SHA256Digest(
      of: Array((#"{"mcpServers":{"git":{"command":"uvx"}}}"# + "\r\n").utf8))
    #expect(run("approve", file, "--yes", "--json") == .fine)
    #expect(try bench.json()["bytes_sha256"]?.string?.text == digest.hexadecimal)
    #expect(bench.errors.contains("1 server"))

    #expect(run("approve", file, "--yes", "--note", "fail") == .failed)
    #expect(bench.output.contains("failed /home/bob/mcp.json: Read-only file system\n"))
  }

  @Test func approveWarnsBeforeItAsks() throws {
    let file = try daemon.folder.file(
      "new.json", #"{"mcpServers":{"git":{"command":"/bin/uvx","args":["pkg"]}}}"#)
    let warning = "1 warning:\n  1:52 warning unpinned-package git args[0]: "
    bench.answer = "n"
    #expect(run("approve", file) == .failed)
    #expect(bench.output.contains(warning))
    #expect(bench.output.hasSuffix("[y/N] "))
    #expect(run("approve", file, "--yes") == .fine)
    #expect(bench.errors.hasPrefix(warning))
    #expect(run("approve", file, "--yes", "--json") == .fine)
    #expect(bench.errors.contains(warning))
    _ = try bench.json()
  }

  @Test func approveAsks() throws {
    let file = try daemon.folder.file("new.json", #"{"mcpServers":{}}"#)
    #expect(run("approve", file) == .badInput)
    #expect(bench.errors.contains("--yes"))
    for (answer, status) in [("y", Outcome.fine), ("yes", .fine), ("n", .failed), ("", .failed)] {
      bench.answer = answer
      #expect(run("approve", file) == status)
      #expect(bench.output.contains("Approve it for this host? [y/N] "))
    }
  }

  @Test(arguments: [
    (#"{"a":1,"a":2}"#, #":1:8: the key "a" stands twice in one object"#),
    ("[]", ": a client expects an object at the document, not an array"),
    (#"{"mcpServers":[]}"#, ": a client expects an object at mcpServers, not an array"),
    (#"{"mcpServers":{"g":1}}"#, ": a client expects an object at g, not a number"),
  ])
  func approveRefusesWhatNoClientReads(_ text: String, _ message: String) throws {
    let file = try daemon.folder.file("bad.json", text)
    #expect(run("approve", file, "--yes") == .badInput)
    #expect(bench.errors == "mcpolicyctl: \(file)\(message)\n")
  }

  @Test func rootFindsTheSocket() throws {
    let folder = try TemporaryFolder()
    #expect(bench.run("status", "--root", folder.path + "/") == .notReachable)
    #expect(
      bench.errors == """
        mcpolicyctl: mcpolicyd is not reachable at \(folder.path)/run/mcpolicyd/control.sock: \
        No such file or directory

        """)
  }

  @Test func colourIsOnlyForTerminals() {
    bench.style = Style(isColoured: true)
    #expect(run("status") == .fine)
    #expect(bench.output.contains("\u{1B}[31mdegraded\u{1B}[0m"))
    bench.style = .plain
    for verb in ["status", "targets", "incidents", "watch"] {
      _ = run(verb)
      #expect(!bench.output.unicodeScalars.contains("\u{1B}"))
      #expect(!bench.output.unicodeScalars.contains("\u{202E}"))
      _ = run(verb, "--json")
      #expect(!bench.output.unicodeScalars.contains("\u{1B}"))
      #expect(!bench.output.unicodeScalars.contains("\u{202E}"))
    }
  }
}
