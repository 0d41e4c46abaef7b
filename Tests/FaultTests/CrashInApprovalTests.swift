import Foundation
import MCPConfig
import Support
import Testing

/// Killed at every step of an approval: the old configuration is in force at the next start, or the
/// new one, and nothing in between.
@Suite(.serialized) struct CrashInApprovalTests {
  private static let other = #"{"mcpServers": {"git": {"command": "git-server"}}}"#
  private static let bobs = "home/bob/.kiro/settings/mcp.json"

  @Test func firstApprovalIsWholeOrNone() {
    CrashSteps.through { rule, step in
      let daemon = RunningDaemon(homes: ["alice", "bob"])
      daemon.startFaulty()
      #expect(daemon.control(["status"]).status == 0)
      daemon.setFaults([rule])
      let isKilled = approve(daemon, "etc/mcpolicyd/mcp.json") {
        daemon.isApproved() && daemon.isApproved(Self.bobs)
      }
      let place = Comment(rawValue: "step \(step): \(daemon.lastKill)")
      daemon.start()
      let isInForce = daemon.status?["baseline"] != nil
      if isInForce {
        #expect(eventually { daemon.isApproved() && daemon.isApproved(Self.bobs) }, place)
      } else {
        #expect(daemon.root.status(RunningDaemon.file) == nil, place)
        #expect(isKilled, place)
      }
      checkStore(daemon, approvals: isInForce ? 1 : 0, place)
      checkBlame(daemon, place)
      #expect(!daemon.root.names("etc").contains { $0.hasPrefix(".mcpolicyd") }, place)
      // And it goes on from there.
      daemon.approve()
      #expect(eventually { daemon.isApproved() && daemon.isApproved(Self.bobs) }, place)
      checkStore(daemon, approvals: 1, place)
      let drift = MarkedDrift()
      drift.apply(to: daemon.root)
      #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) }, place)
      #expect(daemon.stop() == 0, place)
      return isKilled
    }
  }

  @Test func nextApprovalIsWholeOrNone() {
    CrashSteps.through { rule, step in
      let daemon = RunningDaemon(homes: ["alice", "bob"])
      daemon.startFaulty()
      daemon.approve()
      daemon.root.write("other.json", Self.other)
      daemon.setFaults([rule])
      let isKilled = approve(daemon, "other.json") {
        [RunningDaemon.file, Self.bobs].allSatisfy { daemon.root.read($0) == Self.other }
      }
      let place = Comment(rawValue: "step \(step): \(daemon.lastKill)")
      let drift = MarkedDrift()
      drift.apply(to: daemon.root)
      daemon.start()
      #expect(daemon.status != nil, place)
      let number = approvals(daemon)
      let text = number == 2 ? Self.other : RunningDaemon.approved
      #expect(
        eventually {
          ["etc/kiro/mcp.json", RunningDaemon.file, Self.bobs].allSatisfy {
            daemon.root.read($0) == text
          }
        }, place)
      #expect(eventually { daemon.hasTold(drift) }, place)
      #expect(isKilled || number == 2, place)
      checkStore(daemon, approvals: number, place)
      checkBlame(daemon, place)
      #expect(eventually { daemon.leftBehind.filter { !isOther($0, daemon) }.isEmpty }, place)
      #expect(
        daemon.control(["approve", daemon.root.at("other.json"), "--yes"]).status == 0, place)
      #expect(eventually { daemon.root.read(RunningDaemon.file) == Self.other }, place)
      checkStore(daemon, approvals: 2, place)
      #expect(daemon.stop() == 0, place)
      return isKilled
    }
  }

  /// A start that adopts the deployed file by its pin.
  @Test func adoptionByPinIsWholeOrNone() throws {
    let digest = try JSON(parsing: Array(RunningDaemon.approved.utf8)).canonicalSHA256
    let pinned = RunningDaemon.policy(
      approved: #"{"file": "/etc/mcpolicyd/mcp.json", "sha256": "\#(digest.hexadecimal)"}"#)
    CrashSteps.through { rule, step in
      let daemon = RunningDaemon(homes: ["alice", "bob"], policy: pinned)
      daemon.startFaulty([rule])
      let isKilled = daemon.isKilled {
        daemon.isApproved() && daemon.isApproved(Self.bobs)
          && daemon.root.status("run/mcpolicyd/control.sock") != nil
      }
      let place = Comment(rawValue: "step \(step): \(daemon.lastKill)")
      daemon.root.makeFolder("home/alice/.kiro/settings")
      let drift = MarkedDrift()
      drift.apply(to: daemon.root)
      daemon.start()
      #expect(eventually { daemon.isApproved() && daemon.isApproved(Self.bobs) }, place)
      #expect(eventually { daemon.hasTold(drift) }, place)
      checkStore(daemon, approvals: 1, place)
      #expect(eventually { daemon.leftBehind.isEmpty }, place)
      #expect(daemon.stop() == 0, place)
      return isKilled
    }
  }

  /// Runs the verb until it is answered, or the daemon is gone.
  private func approve(_ daemon: RunningDaemon, _ file: String, until done: () -> Bool) -> Bool {
    let command = ["\(RunningDaemon.products)/mcpolicyctl", "approve", daemon.root.at(file)]
    let client = RunningDaemon.spawn(
      command + ["--yes", "--root", daemon.root.path], stderr: daemon.root.at("client"))
    let isKilled = daemon.isKilled(orHasDone: done)
    var status: Int32 = 0
    waitpid(client, &status, 0)
    return isKilled
  }

  private func approvals(_ daemon: RunningDaemon) -> Int {
    daemon.root.names("var/lib/mcpolicyd/baseline").filter { !$0.contains(".mcp.") }.count
  }

  /// Each approval is its record and its bytes, and there is nothing else.
  private func checkStore(_ daemon: RunningDaemon, approvals: Int, _ place: Comment) {
    let names = (0..<approvals).flatMap { ["\($0 + 1).json", "\($0 + 1).mcp.json"] }
    #expect(daemon.root.names("var/lib/mcpolicyd/baseline") == names, place)
    #expect(daemon.status?["state"]?.string?.text != nil, place)
    #expect(!daemon.log.contains("The baseline store isn't what was approved"), place)
  }

  /// Bob did nothing, and nobody touched the central target.
  private func checkBlame(_ daemon: RunningDaemon, _ place: Comment) {
    let told = daemon.incidents.filter { $0.value("USER") != "alice" }
    #expect(told.map { "\($0.values("KIND")) \($0.value("PATH") ?? "")" } == [], place)
  }

  /// A ready copy of the other configuration.
  private func isOther(_ path: String, _ daemon: RunningDaemon) -> Bool {
    daemon.root.read(path) == Self.other
  }
}
