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

  /// The queue is read in batches with pauses between them; a change among the last events, after which
  /// nothing comes to wake the daemon, was seen and not looked at.
  @Test func theLastChangeOfAFloodIsLookedAt() throws {
    let daemon = RunningDaemon(homes: ["alice", "bob"])
    daemon.startApproved()
    let new = "home/alice/.kiro/settings/new"
    for round in 0..<12 {
      // In the folder of all homes, where no target pays for it.
      for _ in 0..<2000 + 300 * round {
        close(open(daemon.root.at("home/passing"), O_CREAT | O_WRONLY, 0o600))
        unlink(daemon.root.at("home/passing"))
      }
      // The pauses end when the flood is paid for: somewhere in here.
      usleep(.random(in: 0...300_000))
      let drift = MarkedDrift()
      daemon.root.write(new, drift.text)
      daemon.root.move(new, RunningDaemon.file)
      let isRestored = eventually { daemon.isApproved() }
      #expect(isRestored, "round \(round)")
      if !isRestored { return }
    }
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
