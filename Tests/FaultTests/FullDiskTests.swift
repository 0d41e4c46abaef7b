import Foundation
import Support
import Testing

/// Homes and state on a disk that takes nothing more.
@Suite(.serialized) struct FullDiskTests {
  /// What is staged is put in place without a byte written, over and over.
  @Test(arguments: [ENOSPC, EDQUOT])
  func restoresFromTheStage(_ failure: Int32) throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    #expect(eventually { !daemon.root.names("home/.mcpolicyd").isEmpty })
    daemon.setFaults(["call=create,write,mkdir,symlink,link path=/home errno=\(failure)"])
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) }, "\(daemon.log)")
    #expect(eventually { daemon.doneFaults.contains { $0.act == "fail" } }, "no refill was refused")
    #expect(eventually { daemon.keepsEvidence(of: drift) })
  }

  /// With the stage used up it says so once, and mends it as soon as there is room.
  @Test func usedUpStageIsToldAndMendedWithRoom() throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    daemon.setFaults(["call=create,write,mkdir path=/home errno=\(ENOSPC)"])
    var drift = MarkedDrift()
    let failed = eventually {
      drift = MarkedDrift()
      drift.apply(to: daemon.root)
      return eventually { daemon.isApproved() || daemon.hasTold(drift, action: "failed") }
        && !daemon.isApproved()
    }
    #expect(failed, "a stage without an end")
    #expect(daemon.incidents(of: drift).first?.values("KIND").contains("restore-failed") == true)
    let told = daemon.incidents.count
    daemon.setFaults([])
    _ = daemon.control(["sweep"])
    #expect(eventually { daemon.isApproved() })
    #expect(eventually { daemon.hasTold(drift) })
    #expect(daemon.incidents.count == told + 1)
  }

  /// A real file system of the homes, filled to the brim by its user.
  @Test func userFillsTheHomes() throws {
    let daemon = RunningDaemon(homes: [])
    guard mount("none", daemon.root.at("home"), "tmpfs", 0, "size=1m,mode=0755") == 0 else {
      print("skipped: no right to mount")
      return
    }
    defer { umount2(daemon.root.at("home"), Int32(MNT_DETACH)) }
    daemon.makeHome("alice", number: 0)
    daemon.startApproved()
    #expect(eventually { daemon.isApproved() })
    let drift = MarkedDrift()
    daemon.root.write("home/alice/new", drift.text)
    fill("home/alice/ballast", daemon.root)
    daemon.root.move("home/alice/new", RunningDaemon.file)
    #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) }, "\(daemon.log)")
    fill("home/alice/ballast", daemon.root)
    daemon.root.remove(RunningDaemon.file)
    fill("home/alice/ballast", daemon.root)
    daemon.root.remove("home/alice/ballast")
    _ = daemon.control(["sweep"])
    #expect(eventually { daemon.isApproved() })
    #expect(daemon.stop() == 0)
  }

  /// The restore doesn't wait for the evidence, and the loss is told.
  @Test func fullStateDiskLosesEvidenceAloud() throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    daemon.setFaults(["call=create,write path=/evidence errno=\(ENOSPC)"])
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) })
    #expect(
      eventually { daemon.incidents.contains { $0.values("FIELD").contains("evidence") } },
      "the loss of evidence isn't told")
    #expect(leftInEvidence(daemon).isEmpty, "\(leftInEvidence(daemon))")
    daemon.setFaults([])
    let next = MarkedDrift()
    next.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() && daemon.keepsEvidence(of: next) })
  }

  /// An approval that can't be stored isn't in force.
  @Test(arguments: ["create", "write", "fsync"])
  func approvalThatCannotBeStoredIsRefused(_ call: String) throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    let other = #"{"mcpServers": {"git": {"command": "git-server"}}}"#
    daemon.root.write("other.json", other)
    daemon.setFaults(["call=\(call) path=/baseline errno=\(ENOSPC)"])
    let refused = daemon.control(["approve", daemon.root.at("other.json"), "--yes"])
    #expect(refused.status == 5, "\(refused.output)")
    #expect(daemon.root.read(RunningDaemon.file) == RunningDaemon.approved)
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) })
    daemon.setFaults([])
    #expect(daemon.control(["approve", daemon.root.at("other.json"), "--yes"]).status == 0)
    #expect(eventually { daemon.root.read(RunningDaemon.file) == other })
    #expect(daemon.stop() == 0)
    daemon.start()
    #expect(eventually { daemon.root.read(RunningDaemon.file) == other })
  }

  /// Writes until nothing fits any more.
  private func fill(_ file: String, _ root: TemporaryRoot) {
    let descriptor = open(root.at(file), O_WRONLY | O_CREAT | O_APPEND, 0o644)
    defer { close(descriptor) }
    for size in [65536, 4096, 1] {
      let bytes = [UInt8](repeating: 0, count: size)
      while write(descriptor, bytes, size) > 0 {}
    }
  }

  private func leftInEvidence(_ daemon: RunningDaemon) -> [String] {
    daemon.root.names("var/lib/mcpolicyd/evidence").filter { $0.hasPrefix(".") }
  }
}
