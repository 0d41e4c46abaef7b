import Foundation
import MCPConfig
import Support
import Testing

/// Killed at every step of bringing a revocation to the targets: what is left of what held before is
/// nobody's drift.
@Suite(.serialized) struct CrashInRolloutTests {
  private static let files = [RunningDaemon.file, "home/bob/.kiro/settings/mcp.json"]

  @Test(arguments: ["revoke", "reinstate"])
  func aRolloutThatACrashCutsOffIsNobodysDrift(_ verb: String) {
    for step in 1...40 {
      let daemon = RunningDaemon(homes: ["alice", "bob"])
      daemon.startFaulty()
      daemon.approve()
      if verb == "reinstate" { #expect(daemon.control(["revoke", "git"]).status == 0) }
      #expect(eventually { isDone(daemon, holdsGit: verb == "revoke") })
      daemon.setFaults(["call=mutating path=/home from=\(step) count=1 kill"])
      let client = RunningDaemon.spawn(
        ["\(RunningDaemon.products)/mcpolicyctl", verb, "git", "--root", daemon.root.path],
        stderr: daemon.root.at("client"))
      let isKilled = daemon.isKilled { isDone(daemon, holdsGit: verb != "revoke") }
      var status: Int32 = 0
      waitpid(client, &status, 0)
      let place = Comment(rawValue: "step \(step): \(daemon.lastKill)")
      daemon.start()
      #expect(daemon.status != nil, place)
      // What was killed may have been the end of the approval before.
      let isRevoked = daemon.status?["revoked"]?.elements?.isEmpty == false
      #expect(eventually { isDone(daemon, holdsGit: !isRevoked) }, place)
      #expect(daemon.stop() == 0, place)
      #expect(
        daemon.incidents.map { "\($0.values("KIND")) \($0.value("PATH") ?? "")" } == [], place)
      if !isKilled {
        #expect(step > 2, "nothing was stepped through")
        return
      }
    }
    Issue.record("still killed at the last step")
  }

  private func isDone(_ daemon: RunningDaemon, holdsGit: Bool) -> Bool {
    (["etc/kiro/mcp.json"] + Self.files).allSatisfy { file in
      guard let text = daemon.root.read(file) else { return false }
      return text.contains("\"docs\"") && text.contains("\"git\"") == holdsGit
    }
  }
}
