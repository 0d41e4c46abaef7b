import Foundation
import MCPConfig
import Support
import Testing

/// EIO where the daemon writes.
@Suite(.serialized) struct InputOutputTests {
  @Test(arguments: ["create", "write", "fsync", "chown", "chmod"])
  func stageThatCannotBeRefilledIsMended(_ call: String) throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    daemon.setFaults(["call=\(call) path=/.mcpolicyd errno=\(EIO)"])
    for _ in 0..<6 {
      let drift = MarkedDrift()
      drift.apply(to: daemon.root)
      #expect(
        eventually {
          daemon.isApproved() && daemon.hasTold(drift) || daemon.hasTold(drift, action: "failed")
        })
    }
    daemon.setFaults([])
    _ = daemon.control(["sweep"])
    #expect(eventually { daemon.isApproved() })
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) })
    #expect(daemon.stop() == 0)
    #expect(daemon.root.names("home/.mcpolicyd").isEmpty, "\(daemon.root.names("home/.mcpolicyd"))")
  }

  @Test func exchangeThatFailsIsTriedAgain() throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    daemon.setFaults(["call=rename path=/home/alice errno=\(EIO) count=2"])
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) })
    #expect(daemon.incidents(of: drift).count == 1)
  }

  /// A home on a mount of its own, which is the test's to unmount; nil where nothing can be mounted.
  private func startedOnOwnMount() -> RunningDaemon? {
    let daemon = RunningDaemon()
    daemon.root.makeFolder("home/alice")
    guard mount("none", daemon.root.at("home/alice"), "tmpfs", 0, "mode=0755") == 0 else {
      print("skipped: no right to mount")
      return nil
    }
    daemon.makeHome("alice", number: 0)
    daemon.startFaulty()
    daemon.approve()
    #expect(eventually { daemon.isApproved() })
    return daemon
  }

  /// A home on a mount of its own gets a stage for each restore, which may fail halfway.
  @Test func stageThatCannotBeOpenedIsTakenAwayAgain() throws {
    guard let daemon = startedOnOwnMount() else { return }
    defer { umount2(daemon.root.at("home/alice"), Int32(MNT_DETACH)) }
    daemon.setFaults(["call=open path=settings/.mcpolicyd. errno=\(EMFILE) count=2"])
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) }, "\(daemon.log)")
    #expect(daemon.stop() == 0)
    #expect(daemon.leftBehind.isEmpty, "\(daemon.leftBehind)")
  }

  /// What a killed run left is looked for again when the disk failed at the first look.
  @Test func leftStageIsFoundOnceItCanBeSeen() throws {
    guard let daemon = startedOnOwnMount() else { return }
    defer { umount2(daemon.root.at("home/alice"), Int32(MNT_DETACH)) }
    #expect(daemon.stop() == 0)
    let drift = MarkedDrift()
    let stage = "home/alice/.kiro/settings/.mcpolicyd.1"
    daemon.root.makeFolder(stage, mode: 0o700)
    daemon.root.write("\(stage)/s1", drift.text)
    daemon.setFaults(["call=open path=settings/.mcpolicyd. errno=\(EIO) count=1"])
    daemon.start(under: daemon.faultEnvironment())
    _ = daemon.control(["sweep"])
    #expect(eventually { daemon.leftBehind.isEmpty && daemon.keepsEvidence(of: drift) })
    #expect(daemon.stop() == 0)
  }

  /// The rejected bytes can't be read back from the stage; what was seen is evidence all the same.
  @Test func rejectedFileThatCannotBeReadIsCleared() throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    daemon.setFaults(["call=open,read path=/.mcpolicyd/ errno=\(EIO)"])
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() && daemon.keepsEvidence(of: drift) })
    daemon.setFaults([])
    #expect(daemon.stop() == 0)
    #expect(daemon.root.names("home/.mcpolicyd").isEmpty, "\(daemon.root.names("home/.mcpolicyd"))")
  }

  /// A watch that can't be had is told; what it would have told is found by a sweep.
  @Test(arguments: [ENOSPC, ENOMEM, EMFILE])
  func refusedWatchIsToldAndSwept(_ failure: Int32) throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    daemon.setFaults(["call=watch path=/home/bob errno=\(failure)"])
    daemon.makeHome("bob", number: 1)
    let file = "home/bob/.kiro/settings/mcp.json"
    #expect(eventually { daemon.isApproved(file) })
    #expect(
      eventually { daemon.incidents.contains { $0.values("KIND").contains("watch-degraded") } })
    let drift = MarkedDrift()
    drift.apply(to: daemon.root, file)
    _ = daemon.control(["sweep"])
    #expect(eventually { daemon.isApproved(file) && daemon.hasTold(drift) })
    daemon.setFaults([])
    _ = daemon.control(["sweep"])
    #expect(eventually { daemon.status?["targets"]?["unwatched"]?.integer == 0 })
    let next = MarkedDrift()
    next.apply(to: daemon.root, file)
    #expect(eventually { daemon.isApproved(file) && daemon.hasTold(next) })
  }

  /// The stored baseline can't be read at a start: nothing is enforced by guess, nothing is touched.
  @Test func unreadableBaselineTouchesNothing() throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    #expect(daemon.stop() == 0)
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    let before = daemon.root.inventory("home/alice")
    daemon.setFaults(["call=read path=/baseline/ errno=\(EIO)"])
    daemon.start(under: daemon.faultEnvironment())
    #expect(daemon.wait() == 5)
    #expect(daemon.log.contains("Input/output error"), "\(daemon.log)")
    #expect(daemon.root.inventory("home/alice") == before)
    daemon.setFaults([])
    daemon.start(under: daemon.faultEnvironment())
    #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) })
  }
}
