import Foundation
import Support
import Testing

/// More events than the kernel's queue holds.
@Suite(.serialized) struct OverflowTests {
  /// One user floods the queue; what others then do to their files is lost in it, and found.
  @Test func lostEventsHideNoDrift() throws {
    let daemon = RunningDaemon(homes: ["alice", "bob", "carol"])
    daemon.startApproved()
    let limit =
      Int(
        (try? String(contentsOfFile: "/proc/sys/fs/inotify/max_queued_events", encoding: .utf8))?
          .split(separator: "\n").first ?? "") ?? 16384
    daemon.signal(SIGSTOP)
    flood(daemon.root, events: limit + 100)
    let bobs = MarkedDrift()
    bobs.apply(to: daemon.root, "home/bob/.kiro/settings/mcp.json")
    daemon.root.remove("home/carol/.kiro")
    daemon.makeHome("dave", number: 3)
    daemon.signal(SIGCONT)
    #expect(
      eventually {
        daemon.incidents.contains { $0.values("FIELD").contains("overflow") }
      }, "the queue didn't overflow, or it isn't told")
    #expect(
      eventually {
        ["bob", "carol", "dave"].allSatisfy {
          daemon.isApproved("home/\($0)/.kiro/settings/mcp.json")
        }
          && daemon.hasTold(bobs)
      }, "\(daemon.log)")
    #expect(
      eventually {
        daemon.incidents.contains {
          $0.values("KIND") == ["missing-file"] && $0.value("USER") == "carol"
        }
      })
    // And the watches still stand.
    let next = MarkedDrift()
    next.apply(to: daemon.root, "home/carol/.kiro/settings/mcp.json")
    #expect(
      eventually {
        daemon.isApproved("home/carol/.kiro/settings/mcp.json") && daemon.hasTold(next)
      })
    #expect(daemon.stop() == 0)
  }

  /// A flood that doesn't end can't keep the daemon from others' files, nor grow it.
  @Test func floodLeavesOthersKept() throws {
    let daemon = RunningDaemon(homes: ["alice", "bob"])
    daemon.startApproved()
    let before = daemon.descriptorCount
    let folder = daemon.root.at("home/alice/.kiro/settings")
    let flood = RunningDaemon.spawn(
      ["sh", "-c", "cd \(folder) && : >a && while mv a b && mv b a; do :; done"],
      stderr: "/dev/null")
    defer {
      kill(flood, SIGKILL)
      var status: Int32 = 0
      waitpid(flood, &status, 0)
    }
    for _ in 0..<5 {
      let drift = MarkedDrift()
      drift.apply(to: daemon.root, "home/bob/.kiro/settings/mcp.json")
      #expect(
        eventually {
          daemon.isApproved("home/bob/.kiro/settings/mcp.json") && daemon.hasTold(drift)
        })
    }
    #expect(daemon.descriptorCount <= before + 2)
  }

  /// Renames to and fro, so that no two events are alike and merged.
  private func flood(_ root: TemporaryRoot, events: Int) {
    let one = root.at("home/alice/.kiro/settings/a")
    let other = root.at("home/alice/.kiro/settings/b")
    root.write("home/alice/.kiro/settings/a", "")
    for _ in 0...events / 4 {
      rename(one, other)
      rename(other, one)
    }
  }
}
