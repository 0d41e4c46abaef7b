import Control
import Foundation
import Linux
import MCPConfig
import Support
import Testing

/// Approval, its history and rollback, against the real daemon.
@Suite(.serialized) struct ApprovalTests {
  private static let next = RunningDaemon.approved.replacingOccurrences(
    of: "docs@1.0", with: "docs@1.1")

  private func approve(
    _ daemon: RunningDaemon, _ text: String, _ arguments: String...
  ) -> (status: Int32, output: String) {
    daemon.root.write("next.json", text)
    return daemon.control(["approve", daemon.root.at("next.json"), "--yes"] + arguments)
  }

  private func figures(_ daemon: RunningDaemon) throws -> JSON? {
    try daemon.json(["status"])["baseline"]?["canonical_sha256"]
  }

  @Test func itShowsWhatChanges() throws {
    let daemon = RunningDaemon()
    daemon.start()
    let first = approve(daemon, RunningDaemon.approved)
    #expect(first.output.contains("nothing was approved before: all of it is new"))
    let second = approve(daemon, Self.next)
    #expect(second.output.contains("server docs, changed\n- args: [\"docs@1.0\"]\n+ args: "))
    #expect(second.output.contains("2 targets checked, 2 restored, 0 failed"))
    let again = approve(daemon, Self.next)
    #expect(again.output.contains("the same bytes as the baseline"))
    #expect(again.output.contains("was already approved"))
    #expect(daemon.audits("baseline-approved").count == 2)
    let spaced = approve(daemon, Self.next + "\n")
    #expect(spaced.output.contains("the same meaning as the baseline, in other bytes"))
  }

  /// All of them by name, and nothing is stored.
  @Test func everyUnknownServerIsNamed() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    let text = """
      {"mcpServers": {
        "git": {"command": "uvx"}, "first": {"command": "x"}, "web-one": {"command": "x"},
        "last": {"command": "x"}
      }}
      """
    let result = approve(daemon, text)
    #expect(result.status == 2)
    for (server, place) in [("first", "2:30"), ("web-one", "2:57"), ("last", "3:3")] {
      #expect(
        result.output.contains("next.json:\(place): ") && result.output.contains("\"\(server)\""),
        "\(result.output)")
    }
    #expect(result.output.contains("(rule: default)"))
    let json = try JSON(
      parsing: Array(approveOutput(daemon, ["--json"]).utf8))
    #expect(json["refused"]?.elements?.count == 3)
    #expect(daemon.isApproved() && daemon.audits().count == 1)
  }

  private func approveOutput(_ daemon: RunningDaemon, _ arguments: [String]) -> String {
    let all = daemon.control(
      ["approve", daemon.root.at("next.json"), "--yes"] + arguments
    ).output
    // Both streams go to one file: the JSON is the part in braces.
    guard let start = all.range(of: "\n{\n"), let end = all.range(of: "\n}\n") else { return all }
    return String(all[start.lowerBound..<end.upperBound])
  }

  @Test func theHistoryIsKeptAndGoneBackTo() throws {
    let daemon = RunningDaemon()
    daemon.start()
    #expect(approve(daemon, RunningDaemon.approved, "--note", "the first").status == 0)
    #expect(approve(daemon, Self.next, "--note", "a \u{1B}[2J second").status == 0)
    let before = try figures(daemon)
    let back = daemon.control(["baseline", "rollback", "1", "--yes", "--note", "broken"])
    #expect(back.status == 0, "\(back.output)")
    #expect(back.output.contains("- args: [\"docs@1.1\"]\n+ args: [\"docs@1.0\"]"))
    #expect(daemon.isApproved())
    #expect(try figures(daemon)?.string != before?.string)

    let list = try daemon.json(["baseline", "list"])["baselines"]?.elements ?? []
    #expect(list.map { $0["number"]?.integer } == [3, 2, 1])
    #expect(list[0]["note"]?.string == "rollback to 1: broken")
    #expect(list[0]["bytes_sha256"]?.string == list[2]["bytes_sha256"]?.string)
    #expect(list[1]["servers"]?.members?.map(\.key) == ["git", "docs"])
    #expect(!daemon.control(["baseline", "list"]).output.unicodeScalars.contains("\u{1B}"))

    let shown = daemon.control(["baseline", "show", "2", "--content"])
    #expect(shown.output == Self.next)
    #expect(
      try daemon.json(["baseline", "show"])["baseline"]?["number"]?.integer == 3)
    #expect(daemon.control(["baseline", "show", "4"]).status == 2)
    #expect(daemon.control(["baseline", "rollback", "9", "--yes"]).status == 2)
    let audit = try #require(daemon.audits("baseline-rolled-back").first)
    #expect(audit.value("NUMBER") == "1" && audit.value("REASON") == "rollback to 1: broken")
    #expect(daemon.incidents.isEmpty)
  }

  /// The policy of today decides, not that of then.
  @Test func aRollbackIsJudgedAsAnApproval() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(approve(daemon, #"{"mcpServers": {"git": {"command": "uvx"}}}"#).status == 0)
    daemon.root.write(
      "etc/mcpolicyd/policy.json",
      RunningDaemon.policy().replacingOccurrences(
        of: #"{"server": "docs", "tier": 1}"#, with: #"{"server": "docs", "tier": 3}"#))
    #expect(daemon.control(["reload"]).status == 0)
    let back = daemon.control(["baseline", "rollback", "1", "--yes"])
    #expect(back.status == 2 && back.output.contains("\"docs\""), "\(back.output)")
    #expect(daemon.root.read(RunningDaemon.file)?.contains("docs") == false)
  }

  @Test func aDamagedPastIsToldAndNotGoneBackTo() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(approve(daemon, Self.next).status == 0)
    daemon.root.remove("var/lib/mcpolicyd/baseline/1.mcp.json")
    daemon.root.write("var/lib/mcpolicyd/baseline/1.mcp.json", Self.next)
    let list = daemon.control(["baseline", "list"])
    #expect(list.status == 5 && list.output.contains("damaged 1.mcp.json isn't its digest"))
    #expect(daemon.control(["baseline", "rollback", "1", "--yes"]).status == 5)
    #expect(daemon.root.read(RunningDaemon.file) == Self.next)
  }

  /// Killed at any moment of an approval, the baseline is the old or the new one, whole.
  @Test func aCrashLeavesOneOrTheOther() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    let texts = [RunningDaemon.approved, Self.next]
    daemon.root.write("0.json", texts[0])
    daemon.root.write("1.json", texts[1])
    for round in 1...12 {
      let approval = RunningDaemon.spawn(
        [
          "\(RunningDaemon.products)/mcpolicyctl", "approve", daemon.root.at("\(round % 2).json"),
          "--yes", "--root", daemon.root.path,
        ], stderr: "/dev/null")
      usleep(UInt32(round) * 2500)
      daemon.signal(SIGKILL)
      _ = daemon.wait()
      waitpid(approval, nil, 0)
      daemon.root.remove("run/mcpolicyd/control.sock")
      daemon.start()
      let shown = try daemon.json(["baseline", "show"])
      let content = try #require(shown["content"]?.string?.text)
      #expect(texts.contains(content))
      #expect(
        shown["baseline"]?["bytes_sha256"]?.string?.text
          == SHA256Digest(of: Array(content.utf8)).hexadecimal)
      #expect(!daemon.control(["status"]).output.contains("damaged"))
      #expect(daemon.control(["sweep"]).status == 0)
      #expect(daemon.root.read(RunningDaemon.file) == content)
    }
    #expect(daemon.incidents.filter { $0.value("KIND") == "baseline-tampered" }.isEmpty)
  }

  /// With `more`, the caller sees how far the rollout is; each reply says more than the one before.
  @Test func progressIsTold() throws {
    let homes = ["alice", "bob", "carol", "dave"]
    let daemon = RunningDaemon(homes: homes)
    daemon.startApproved()
    let client = try ControlClient(
      path: FilePath(daemon.root.at("run/mcpolicyd/control.sock")), timeout: 60)
    var replies: [JSON] = []
    try client.stream(.approve, ["content": .text(Self.next)]) { reply in
      replies.append(reply)
      return true
    }
    #expect(replies.allSatisfy { $0["total"]?.integer == 5 })
    #expect(replies.map { $0["checked"]?.integer } == [1, 2, 3, 4, 5, 5])
    #expect(replies.last?["restored"]?.integer == 5 && replies.last?["changed"]?.bool == true)
  }

  /// What failed is counted and named, and the rest is done.
  @Test func targetsThatFailAreNamed() throws {
    let daemon = RunningDaemon(homes: ["alice", "bob"])
    daemon.startApproved()
    guard daemon.mayGiveFilesAway else { return }
    // Nobody may change what is in an immutable folder.
    let folder = daemon.root.at("home/bob/.kiro/settings")
    let lock = RunningDaemon.spawn(["chattr", "+i", folder], stderr: "/dev/null")
    var status: Int32 = 0
    waitpid(lock, &status, 0)
    guard status == 0 else { return }
    defer {
      let unlock = RunningDaemon.spawn(["chattr", "-i", folder], stderr: "/dev/null")
      waitpid(unlock, nil, 0)
    }
    let result = approve(daemon, Self.next)
    #expect(result.status == 5)
    #expect(result.output.contains("3 targets checked, 2 restored, 1 failed"), "\(result.output)")
    #expect(result.output.contains("/home/bob/.kiro/settings/mcp.json: rename"), "\(result.output)")
    #expect(daemon.root.read(RunningDaemon.file) == Self.next)
  }
}
