import Foundation
import MCPConfig
import Support
import Testing

/// The kill switch, against the real daemon.
@Suite(.serialized) struct RevocationTests {
  private static let homes = ["alice", "bob"]
  private static let files = [
    "etc/kiro/mcp.json", RunningDaemon.file, "home/bob/.kiro/settings/mcp.json",
  ]

  private func servers(_ daemon: RunningDaemon, _ file: String) -> Set<String> {
    guard let document = try? ConfigDocument(parsing: Array(content(daemon, file).utf8)) else {
      return []
    }
    return Set(document.servers.map(\.name.text))
  }

  /// What a client reads there, through a symlink too.
  private func content(_ daemon: RunningDaemon, _ file: String) -> String {
    (try? String(contentsOfFile: daemon.root.at(file), encoding: .utf8)) ?? ""
  }

  private func all(_ daemon: RunningDaemon, hold wanted: Set<String>) -> Bool {
    Self.files.allSatisfy { servers(daemon, $0) == wanted }
  }

  @Test(arguments: ["read-only", "user-writable", "link"])
  func itLeavesEveryCopyAndComesBack(_ access: String) throws {
    let daemon = RunningDaemon(homes: Self.homes, policy: RunningDaemon.policy(access: access))
    daemon.startApproved()
    let reply = try daemon.json(["revoke", "git", "--reason", "CVE-2026-1"])
    #expect(reply["changed"]?.bool == true)
    #expect(reply["users"]?.elements?.map(\.string) == ["alice", "bob"])
    #expect(reply["failed"]?.integer == 0 && reply["left"]?.integer == 0)
    #expect(reply["processes"]?.elements?.isEmpty == true)
    // Done when the answer comes, not at some time after it.
    #expect(all(daemon, hold: ["docs"]))
    #expect(daemon.incidents.isEmpty, "a rollout is no incident")

    let again = try daemon.json(["revoke", "git"])
    #expect(again["changed"]?.bool == false && again["users"]?.elements?.isEmpty == true)

    #expect(try daemon.json(["reinstate", "git"])["changed"]?.bool == true)
    #expect(all(daemon, hold: ["git", "docs"]))
    #expect(Self.files.allSatisfy { content(daemon, $0) == RunningDaemon.approved })
    #expect(try daemon.json(["reinstate", "git"])["changed"]?.bool == false)
    #expect(daemon.incidents.isEmpty)
    #expect(
      daemon.audits().map { $0.value("CHANGE") } == [
        "baseline-approved", "server-revoked", "server-reinstated",
      ])
  }

  /// Restart, kill, reload and a new approval.
  @Test func itHolds() throws {
    let daemon = RunningDaemon(homes: Self.homes)
    daemon.startApproved()
    #expect(daemon.control(["revoke", "git"]).status == 0)
    #expect(daemon.stop() == 0)
    daemon.start()
    #expect(daemon.control(["sweep"]).status == 0)
    #expect(all(daemon, hold: ["docs"]))
    daemon.signal(SIGKILL)
    _ = daemon.wait()
    daemon.root.remove("run/mcpolicyd/control.sock")
    daemon.start()
    #expect(daemon.control(["reload"]).status == 0)
    #expect(daemon.control(["sweep"]).status == 0)
    #expect(all(daemon, hold: ["docs"]))
    let next = RunningDaemon.approved.replacingOccurrences(of: "docs@1.0", with: "docs@1.1")
    daemon.root.write("next.json", next)
    let approval = daemon.control(["approve", daemon.root.at("next.json"), "--yes"])
    #expect(approval.status == 0)
    #expect(approval.output.contains("git is revoked on this host, and stays so"))
    #expect(all(daemon, hold: ["docs"]))
    #expect(try daemon.json(["status"])["revoked"]?.elements?.map(\.string) == ["git"])
    #expect(daemon.incidents.isEmpty)
  }

  @Test func addedAgainItIsAFindingAndUndone() throws {
    let daemon = RunningDaemon(homes: Self.homes)
    daemon.startApproved()
    #expect(daemon.control(["revoke", "git"]).status == 0)
    daemon.root.write("home/alice/new", RunningDaemon.approved)
    daemon.root.move("home/alice/new", RunningDaemon.file)
    #expect(eventually { servers(daemon, RunningDaemon.file) == ["docs"] })
    #expect(eventually { daemon.incidents.count == 1 })
    let incident = try #require(daemon.incidents.first)
    #expect(incident.value("KIND") == "prohibited-server")
    #expect(incident.value("RULE") == "revoked")
    #expect(incident.value("SEVERITY") == "high")
    #expect(incident.value("SERVER") == "git")
  }

  /// Whatever became of the file, the server stays off, and the status says that something is wrong.
  @Test func aDamagedRevocationGivesNothingBack() throws {
    let daemon = RunningDaemon(homes: Self.homes)
    daemon.startApproved()
    #expect(daemon.control(["revoke", "git"]).status == 0)
    #expect(daemon.stop() == 0)
    let folder = "var/lib/mcpolicyd/exceptions/revocations"
    let file = try #require(daemon.root.names(folder).first)
    daemon.root.remove("\(folder)/\(file)")
    daemon.root.write("\(folder)/\(file)", "{")
    daemon.start()
    #expect(daemon.control(["sweep"]).status == 0)
    #expect(all(daemon, hold: ["docs"]))
    let status = try daemon.json(["status"])
    #expect(status["state"]?.string == "degraded")
    #expect(status["problems"]?.elements?.first?.string?.text.contains("stays revoked") == true)
    #expect(eventually { daemon.incidents.contains { $0.value("KIND") == "baseline-tampered" } })
    // Revoking it again mends the record.
    #expect(try daemon.json(["revoke", "git"])["changed"]?.bool == true)
    #expect(try daemon.json(["status"])["state"]?.string == "ok")
    #expect(all(daemon, hold: ["docs"]))
  }

  /// A server that isn't there may be switched off before someone approves it.
  @Test func aServerNobodyHasCanBeRevoked() throws {
    let daemon = RunningDaemon(homes: Self.homes)
    daemon.startApproved()
    let result = daemon.control(["revoke", "gti"])
    #expect(result.status == 0)
    #expect(result.output.contains("is the name right?"))
    #expect(all(daemon, hold: ["git", "docs"]))
  }

  @Test func observeSaysWhatIsLeft() throws {
    let daemon = RunningDaemon(policy: RunningDaemon.policy())
    daemon.startApproved()
    daemon.root.write("etc/mcpolicyd/policy.json", RunningDaemon.policy(mode: "observe"))
    #expect(daemon.control(["reload"]).status == 0)
    let result = daemon.control(["revoke", "git"])
    #expect(result.status == 1)
    #expect(result.output.contains("2 only reported (observe)"))
  }

  @Test func beforeAnyApproval() throws {
    let daemon = RunningDaemon()
    daemon.start()
    #expect(daemon.control(["revoke", "git"]).status == 0)
    daemon.approve()
    #expect(servers(daemon, RunningDaemon.file) == ["docs"])
  }

  /// Programs that a client started before the revocation.
  @Test func whatRunsIsListedAndEnded() throws {
    let daemon = RunningDaemon()
    daemon.start()
    let mark = "mark-\(UInt32.random(in: 0...UInt32.max))"
    daemon.root.write(
      "next.json",
      #"{"mcpServers": {"git": {"command": "sh", "args": ["-c", "sleep 600; : \#(mark)"]}}}"#)
    #expect(daemon.control(["approve", daemon.root.at("next.json"), "--yes"]).status == 0)
    let server = RunningDaemon.spawn(["sh", "-c", "sleep 600; : \(mark)"], stderr: "/dev/null")
    let other = RunningDaemon.spawn(["sh", "-c", "sleep 600; : \(mark) "], stderr: "/dev/null")
    defer {
      for child in [server, other] {
        kill(child, SIGKILL)
        waitpid(child, nil, 0)
      }
    }
    let listed = try daemon.json(["revoke", "git"])["processes"]?.elements ?? []
    #expect(listed.contains { $0["pid"]?.integer == Int(server) })
    #expect(!listed.contains { $0["pid"]?.integer == Int(other) })
    #expect(listed.allSatisfy { $0["result"]?.string == "running" })

    let ended = try daemon.json(["revoke", "git", "--terminate"])["processes"]?.elements ?? []
    let mine = try #require(ended.first { $0["pid"]?.integer == Int(server) })
    #expect(mine["result"]?.string == "terminated")
    // What it had started is ended with it.
    #expect(ended.count == 2 && ended.allSatisfy { $0["result"]?.string == "terminated" })
    #expect(kill(other, 0) == 0)
    #expect(try daemon.json(["revoke", "git"])["processes"]?.elements?.count == 0)
  }

  /// SIGKILL comes after the grace, and only for what is still the listed program.
  @Test func whatDoesntEndIsKilled() throws {
    let daemon = RunningDaemon()
    daemon.start()
    let script =
      "trap '' TERM; echo ready; while :; do sleep 1; done; : \(UInt32.random(in: 0...UInt32.max))"
    let json = try #require(
      String(data: JSONEncoder().encode(["-c", script]), encoding: .utf8))
    daemon.root.write(
      "next.json", #"{"mcpServers": {"git": {"command": "/bin/sh", "args": \#(json)}}}"#)
    #expect(daemon.control(["approve", daemon.root.at("next.json"), "--yes"]).status == 0)
    let server = RunningDaemon.spawn(
      ["/bin/sh", "-c", script], stderr: "/dev/null", stdout: daemon.root.at("said"))
    defer {
      kill(server, SIGKILL)
      waitpid(server, nil, 0)
    }
    #expect(eventually { daemon.root.read("said") == "ready\n" })
    let reply = try daemon.json(["revoke", "git", "--terminate", "--grace", "0.2"])
    let mine = try #require(
      reply["processes"]?.elements?.first { $0["pid"]?.integer == Int(server) })
    #expect(mine["result"]?.string == "killed")
  }
}
