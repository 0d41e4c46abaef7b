import Foundation
import Support
import Testing

/// A file system that became read-only, as ext4 does after an error on its disk.
@Suite(.serialized) struct ReadOnlyTests {
  /// What can't be put right is told as failed, once, and put right when it can be.
  @Test func driftIsToldAndMendedLater() throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    daemon.setFaults(["call=create,write,mkdir,rename,unlink,chmod,chown path=/home errno=\(EROFS)"]
    )
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.hasTold(drift, action: "failed") }, "\(daemon.log)")
    let told = try #require(daemon.incidents(of: drift).first)
    #expect(told.values("KIND").contains("restore-failed"))
    #expect(told.value("SEVERITY") == "critical")
    _ = daemon.control(["sweep"])
    #expect(daemon.incidents(of: drift).count == 1, "said more than once")
    daemon.setFaults([])
    _ = daemon.control(["sweep"])
    #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) })
    #expect(daemon.stop() == 0)
  }

  /// A real one: read-only and back, with drift in between and another home at work.
  @Test func remountedHomeIsMended() throws {
    let daemon = RunningDaemon(homes: ["bob"])
    daemon.root.makeFolder("home/alice")
    guard mount("none", daemon.root.at("home/alice"), "tmpfs", 0, "mode=0755") == 0 else {
      print("skipped: no right to mount")
      return
    }
    let home = daemon.root.at("home/alice")
    defer { umount2(home, Int32(MNT_DETACH)) }
    daemon.makeHome("alice", number: 1)
    daemon.startApproved()
    #expect(eventually { daemon.isApproved() })
    daemon.signal(SIGSTOP)
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(mount("none", home, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), nil) == 0)
    daemon.signal(SIGCONT)
    #expect(eventually { daemon.hasTold(drift, action: "failed") }, "\(daemon.log)")
    let bobs = MarkedDrift()
    let file = "home/bob/.kiro/settings/mcp.json"
    bobs.apply(to: daemon.root, file)
    #expect(eventually { daemon.isApproved(file) && daemon.hasTold(bobs) })
    #expect(mount("none", home, "tmpfs", UInt(MS_REMOUNT), nil) == 0)
    _ = daemon.control(["sweep"])
    #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) })
    #expect(daemon.stop() == 0)
  }

  /// Evidence and baseline can't be written: homes are kept all the same.
  @Test func readOnlyStateKeepsHomes() throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    daemon.setFaults(["call=mutating path=/var/lib errno=\(EROFS)"])
    for _ in 0..<3 {
      let drift = MarkedDrift()
      drift.apply(to: daemon.root)
      #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) })
    }
    #expect(daemon.stop() == 0)
    daemon.setFaults(["call=mutating path=/var/lib errno=\(EROFS)"])
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    daemon.start(under: daemon.faultEnvironment())
    #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) }, "\(daemon.log)")
  }
}
