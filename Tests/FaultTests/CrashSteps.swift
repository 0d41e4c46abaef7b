import Foundation
import Support
import Testing

/// Kills the daemon in place of the first change of a file system that something makes it do, then of
/// the second, and so on until it isn't killed any more: every state that a crash can leave.
enum CrashSteps {
  /// More than anything takes; so many steps are a loop without an end.
  private static let limit = 200

  /// - Parameter attempt: gets the rule that kills at this step; returns whether it did.
  static func through(_ attempt: (_ rule: String, _ step: Int) -> Bool) {
    for step in 1...limit {
      let rule = "call=mutating but=/stderr from=\(step) count=1 kill"
      if !attempt(rule, step) {
        #expect(step > 5, "nothing was stepped through")
        return
      }
    }
    Issue.record("still killed at step \(limit)")
  }
}

extension RunningDaemon {
  /// Waits until it was killed, or until the condition holds and it ends in order. True if killed.
  func isKilled(orHasDone condition: () -> Bool) -> Bool {
    let ended = eventually { hasEnded || condition() }
    #expect(ended, "neither killed nor done: \(log)")
    if !hasEnded { signal(SIGTERM) }
    let status = wait()
    #expect(status == -SIGKILL || status == 0, "exit \(status): \(log)")
    return status == -SIGKILL
  }

  /// Where the last run was killed, for messages.
  var lastKill: String {
    doneFaults.last { $0.act == "kill" }.map { "\($0.call) \($0.path)" } ?? "nowhere"
  }

  /// So that each step is blamed for its own only.
  func clearLeftBehind() {
    for left in leftBehind { root.remove(left) }
  }

  /// What only a run of the daemon may hold, and none may leave behind.
  var leftBehind: [String] {
    let state = "var/lib/mcpolicyd"
    let hidden = ["baseline", "evidence", "ledger"].flatMap { folder in
      root.names("\(state)/\(folder)").filter { $0.hasPrefix(".") }.map {
        "\(state)/\(folder)/\($0)"
      }
    }
    let staged = ["home", "etc/kiro"].flatMap { folder in
      root.names("\(folder)/.mcpolicyd").map { "\(folder)/.mcpolicyd/\($0)" }.filter {
        // While it runs, copies stand ready; a rejected folder that held something is kept.
        root.read($0) != Self.approved && !$0.contains("/kept-")
      }
    }
    // Each home by itself: an inventory doesn't enter a mount.
    let inHomes = root.names("home").filter { !$0.hasPrefix(".") }.flatMap { home in
      root.inventory("home/\(home)").keys.filter { $0.contains(".mcpolicyd") }
        .map { "home/\(home)/\($0)" }
    }
    return hidden + staged + inHomes
  }
}
