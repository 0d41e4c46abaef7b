import Foundation
import MCPConfig
import Support
import Testing

extension AttackTests {
  /// The kernel's limits are reached: what can't be watched is swept.
  @Suite(Needs.root) struct LimitTests {
    static let limitsReason: Comment = "the daemon runs in a user namespace, for limits of its own"

    /// In a user namespace of its own the daemon has limits of its own, and nobody else's change.
    private func limited(_ name: String, _ value: Int) -> [String] {
      ["\(RunningDaemon.products)/attacker", "--as", "root", "/", "limited", "\(value)", name]
    }

    @Test(Needs.bareDaemon(LimitTests.limitsReason)) func noWatchIsLeft() {
      let field = Field(
        sweep: 1, under: limited("max_inotify_watches", 4))
      let rounds = Scale.rounds
      field.survives("no watch left", rounds: rounds, kinds: ["unauthorized-server"]) {
        [field.attack("tampered", rounds: rounds)]
      }
      #expect(field.daemon.log.contains("max_user_watches"))
      #expect(field.control(["status"])?["targets"]?["unwatched"]?.integer ?? 0 > 0)
      #expect(field.daemon.stop() == 0)
    }

    /// Without one inotify instance nothing can be watched at all.
    @Test(Needs.bareDaemon(LimitTests.limitsReason)) func noInstanceIsLeft() {
      let daemon = RunningDaemon(policy: RunningDaemon.policy(sweep: 1))
      daemon.start(under: limited("max_inotify_instances", 0))
      #expect(eventually(seconds: 2) { daemon.root.status("run/mcpolicyd/control.sock") != nil })
      #expect(eventually(seconds: 2) { daemon.log.contains("max_user_instances") })
    }

    /// Tens of thousands of watched folders, and one of them attacked.
    @Test func manyHomes() {
      let homes = max(Scale.rounds / 3, 100)
      let field = Field { daemon in
        for number in 0..<homes { daemon.makeHome("user-\(number)", number: 100 + number % 40_000) }
      }
      let last = Home(root: field.root, name: "user-\(homes - 1)", uid: 20_101)
      #expect(eventually(seconds: 60) { last.approvedBytes == field.approved })
      let rounds = Scale.rounds(slower: 10)
      field.survives("among \(homes) homes", rounds: rounds, kinds: ["unauthorized-server"]) {
        [
          field.attack("tampered", rounds: rounds),
          field.attack("storm-renames", rounds: rounds * 20),
        ]
      }
      #expect(field.daemon.stop() == 0)
    }
  }
}
