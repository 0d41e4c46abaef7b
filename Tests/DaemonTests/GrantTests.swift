import Foundation
import Linux
import MCPConfig
import Support
import Testing

/// Requests and grants, against the real daemon. `github` is tier 2 for bob; alice isn't named.
@Suite(.serialized) struct GrantTests {
  private static let approved = """
    {"mcpServers": {"git": {"command": "uvx"}, "github": {"command": "gh-mcp", "args": ["v1"]}}}
    """

  private let daemon = RunningDaemon(homes: ["alice", "bob"])

  init() throws {
    daemon.root.write("etc/mcpolicyd/mcp.json", Self.approved)
    daemon.startApproved()
  }

  private var alices: Set<String> {
    guard let text = daemon.root.read(RunningDaemon.file),
      let document = try? ConfigDocument(parsing: Array(text.utf8))
    else { return [] }
    return Set(document.servers.map(\.name.text))
  }

  private func grant(
    _ server: String = "github", _ user: String = "alice", until: String = "8h"
  ) -> (status: Int32, output: String) {
    daemon.control([
      "grant", server, "--user", user, "--until", until, "--ticket", "SEC-1", "--reason", "r",
    ])
  }

  private func grants(_ arguments: String...) throws -> [JSON] {
    try daemon.json(["grants"] + arguments)["grants"]?.elements ?? []
  }

  private func approve(_ text: String) -> Int32 {
    daemon.root.write("next.json", text)
    return daemon.control(["approve", daemon.root.at("next.json"), "--yes"]).status
  }

  @Test func itGivesAndIsEnded() throws {
    #expect(alices == ["git"])
    let result = grant()
    #expect(result.status == 0, "\(result.output)")
    #expect(alices == ["git", "github"])
    let listed = try #require(try grants().first)
    #expect(listed["applies"]?.bool == true && listed["number"]?.integer == 1)
    // She has the server already, so there is nothing more to grant.
    #expect(grant().status == 2)
    #expect(daemon.control(["grants", "end", "1", "--reason", "done"]).status == 0)
    #expect(alices == ["git"])
    #expect(try grants().isEmpty)
    #expect(try grants("--all").first?["end_reason"]?.string == "done")
    #expect(daemon.incidents.isEmpty, "a rollout is no incident")
    let audit = try #require(daemon.audits("server-granted").first)
    #expect(audit.value("TICKET") == "SEC-1" && audit.value("USER") == "alice")
    #expect(audit.value("ACTOR_UID") == "\(daemon.ownUID)")
    #expect(audit.value("ACTOR_PID").flatMap { Int($0) } != nil)
    #expect(audit.value("ACTOR_EXE")?.hasSuffix("/mcpolicyctl") == true)
  }

  /// By the clock alone: no restart, no call.
  @Test func itIsGoneAtItsTime() throws {
    let until = WallTime.now.advanced(bySeconds: 2).rfc3339
    #expect(grant(until: until).status == 0)
    #expect(alices == ["git", "github"])
    #expect(eventually { alices == ["git"] })
    #expect(WallTime.now.rfc3339 >= until)
    #expect(eventually { daemon.audits("grant-expired").count == 1 })
    #expect(try grants("--all").first?["ended_by"]?.string == "expiry")
    #expect(daemon.incidents.isEmpty)
  }

  /// It ends while the daemon is away; what it stored isn't asked for.
  @Test func itIsGoneAfterItsTimePassedInAStop() throws {
    let until = WallTime.now.advanced(bySeconds: 2)
    #expect(grant(until: until.rfc3339).status == 0)
    #expect(daemon.stop() == 0)
    #expect(eventually { WallTime.now > until })
    daemon.start()
    #expect(daemon.control(["sweep"]).status == 0)
    #expect(alices == ["git"])
    #expect(eventually { daemon.audits("grant-expired").count == 1 })
    #expect(daemon.incidents.isEmpty, "that it ended isn't alice's doing")
  }

  @Test func itSurvivesARestart() throws {
    #expect(grant().status == 0)
    #expect(daemon.stop() == 0)
    daemon.start()
    #expect(daemon.control(["sweep"]).status == 0)
    #expect(alices == ["git", "github"])
    #expect(daemon.incidents.isEmpty)
  }

  /// It is for one definition.
  @Test func anotherDefinitionIsntGranted() throws {
    #expect(grant().status == 0)
    #expect(approve(Self.approved.replacingOccurrences(of: "v1", with: "v2")) == 0)
    #expect(alices == ["git"])
    #expect(try grants().first?["applies"]?.bool == false)
    // With the definition that was reviewed it applies again.
    #expect(daemon.control(["baseline", "rollback", "1", "--yes"]).status == 0)
    #expect(alices == ["git", "github"])
    #expect(daemon.control(["revoke", "github"]).status == 0)
    #expect(alices == ["git"])
    #expect(try grants().first?["applies"]?.bool == false)
  }

  @Test func whatIsNeverGranted() throws {
    let refused = [
      (grant("web-search"), "prohibited"), (grant("nothing"), "doesn't hold"),
      (grant("git"), "already"), (grant("github", "nobody-here"), "no user"),
      (grant(until: "2001-01-01"), "over already"), (grant(until: "93d"), "92 days"),
      (grant(until: "soon"), "no time"),
    ]
    for (result, reason) in refused {
      #expect(result.status == 2 && result.output.contains(reason), "\(result.output)")
    }
    #expect(daemon.control(["revoke", "github"]).status == 0)
    #expect(grant().status == 2)
    #expect(try grants("--all").isEmpty)
    #expect(alices == ["git"])
  }

  @Test(arguments: ["grants.json", "requests.json"]) func damageGivesNothing(_ file: String) throws
  {
    #expect(grant().status == 0)
    #expect(daemon.stop() == 0)
    daemon.root.remove("var/lib/mcpolicyd/exceptions/\(file)")
    daemon.root.write("var/lib/mcpolicyd/exceptions/\(file)", "{")
    daemon.start()
    #expect(daemon.control(["sweep"]).status == 0)
    #expect(alices == (file == "grants.json" ? ["git"] : ["git", "github"]))
    let status = try daemon.json(["status"])
    #expect(status["state"]?.string == "degraded")
    #expect(daemon.control(["status"]).output.contains("\(file) is damaged"))
    if file == "grants.json" { #expect(grant().status == 5) }
    // As it was found: an operator may want to look at it.
    #expect(daemon.root.read("var/lib/mcpolicyd/exceptions/\(file)") == "{")
    daemon.root.remove("var/lib/mcpolicyd/exceptions/\(file)")
    #expect(daemon.control(["reload"]).status == 0)
    #expect(try daemon.json(["status"])["state"]?.string == "ok")
  }

  // MARK: Requests, which need users of their own

  private var alice: UInt32? { geteuid() == 0 ? RunningDaemon.uid(0) : nil }

  private func request(_ server: String, _ reason: String = "for the migration") -> (
    status: Int32, output: String
  ) {
    daemon.control(["request", server, "--reason", reason], as: alice)
  }

  @Test func aRequestIsAnswered() throws {
    guard let alice else { return }
    #expect(request("github").output == "request 1 waits for a review\n")
    #expect(request("github").output == "request 1 waits already\n")
    #expect(alices == ["git"], "a request gives nothing")
    #expect(daemon.audits("server-requested").map { $0.value("ACTOR_UID") } == ["\(alice)"])
    let seen = try daemon.json(["requests"])["requests"]?.elements ?? []
    #expect(seen.map { $0["user"]?.string } == ["alice"])
    let bobs = try daemon.json(["requests"], as: RunningDaemon.uid(1))["requests"]
    #expect(bobs?.elements?.isEmpty == true)
    let answer = daemon.control([
      "grant", "--request", "1", "--until", "8h", "--ticket", "SEC-1", "--reason", "reviewed",
    ])
    #expect(answer.status == 0, "\(answer.output)")
    #expect(alices == ["git", "github"])
    let own = try daemon.json(["requests", "--all"], as: alice)["requests"]?.elements?.first
    #expect(own?["state"]?.string == "granted" && own?["grant"]?.integer == 1)
    #expect(try daemon.json(["grants"], as: alice)["grants"]?.elements?.count == 1)
    let others = try daemon.json(["grants"], as: RunningDaemon.uid(1))["grants"]
    #expect(others?.elements?.isEmpty == true)
    // Once answered, it isn't there to be answered again.
    #expect(
      daemon.control([
        "grant", "--request", "1", "--until", "8h", "--ticket", "T", "--reason", "r",
      ]).status == 2)
  }

  @Test func aRequestIsRejected() throws {
    guard let alice else { return }
    #expect(request("github").status == 0)
    #expect(daemon.control(["requests", "reject", "1", "--reason", "not\nneeded"]).status == 0)
    let own = daemon.control(["requests", "--all"], as: alice).output
    #expect(own.contains("rejected") && own.contains(#"answer: not\u{a}needed"#))
    #expect(daemon.control(["requests", "reject", "1", "--reason", "r"]).status == 2)
    #expect(alices == ["git"])
  }

  @Test func whatCantBeAskedForIsSaidAtOnce() throws {
    guard alice != nil else { return }
    for (server, reason) in [
      ("web-search", "prohibited"), ("nothing", "doesn't hold"), ("git", "already"),
    ] {
      let result = request(server)
      #expect(result.status == 2 && result.output.contains(reason), "\(result.output)")
    }
    #expect(request("github", String(repeating: "x", count: 501)).status == 2)
    #expect(request(String(repeating: "x", count: 257)).status == 2)
    #expect(daemon.audits("server-requested").isEmpty)
  }

  @Test func whatAUserWritesCantActOnATerminal() throws {
    guard alice != nil else { return }
    #expect(request("github", "x\u{1B}]0;owned\u{7}\u{202E}\nrequest 2").status == 0)
    for arguments in [["requests"], ["requests", "--json"]] {
      let output = daemon.control(arguments).output
      #expect(!output.unicodeScalars.contains("\u{1B}"))
      #expect(!output.unicodeScalars.contains("\u{202E}"))
    }
    #expect(!daemon.audits("server-requested")[0].message.unicodeScalars.contains("\u{1B}"))
  }
}
