import Foundation
import MCPConfig
import Support
import Testing

/// A look that fails says nothing about the file: it is tried again, and isn't the user's drift.
///
/// EIO of a disk, EMFILE and ENFILE of descriptors, ENOMEM of the kernel.
@Suite(.serialized) struct UnreadableTests {
  static let openat2 = "call=openat2 path=/home/alice"
  static let open = "call=open path=/home/alice but=.mcpolicyd"
  static let read = "call=read path=/home/alice"
  static let stat = "call=stat path=/home/alice"

  /// The daemon's calls that a look makes, and how they may fail.
  static let failures = [
    "\(openat2) errno=\(EIO)", "\(open) errno=\(EIO)", "\(read) errno=\(EIO)",
    "\(stat) errno=\(EIO)", "\(openat2) errno=\(EMFILE)", "\(open) errno=\(EMFILE)",
    "\(open) errno=\(ENFILE)", "\(openat2) errno=\(ENOMEM)", "\(read) errno=\(ENOMEM)",
  ]

  @Test(arguments: failures + ["call=dup path=/home errno=\(EMFILE)"])
  func goodFileIsLeftAlone(_ failure: String) throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    let before = daemon.root.status(RunningDaemon.file)
    daemon.setFaults([failure])
    // The folder has news, so that the way to it is walked, and the file's; both have the file looked at.
    chmod(daemon.root.at("home/alice/.kiro/settings"), 0o700)
    daemon.root.write("home/alice/.kiro/settings/other", "")
    utimes(daemon.root.at(RunningDaemon.file), nil)
    chmod(daemon.root.at(RunningDaemon.file), 0o444)
    _ = daemon.control(["sweep"])
    #expect(eventually { daemon.doneFaults.contains { $0.act == "fail" } }, "nothing failed")
    daemon.setFaults([])
    _ = daemon.control(["sweep"])
    #expect(eventually { daemon.control(["targets", "--json"]).status == 0 })
    #expect(daemon.root.status(RunningDaemon.file)?.st_ino == before?.st_ino, "it was replaced")
    // That it can't be read for long is told, but as the daemon's failure.
    let blamed = daemon.incidents.filter {
      $0.value("PATH")?.hasSuffix("mcp.json") == true && $0.value("ACTION") != "failed"
        && $0.values("KIND") != ["watch-degraded"]
    }
    #expect(blamed.isEmpty, "\(blamed.map(\.message))")
    #expect(eventually { daemon.status?["targets"]?["compliant"]?.integer == 2 })
  }

  /// Drift that can't be seen for a while is found without another event.
  @Test(arguments: failures)
  func driftIsFoundOnceItCanBeRead(_ failure: String) throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    daemon.setFaults([failure])
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.doneFaults.contains { $0.act == "fail" } }, "nothing failed")
    daemon.setFaults([])
    #expect(
      eventually { daemon.isApproved() && daemon.hasTold(drift) },
      "\(daemon.control(["targets"]).output)\(daemon.log)")
  }

  /// One bad home must not cost the others anything.
  @Test(arguments: [EIO, EMFILE, ENFILE, ENOMEM])
  func othersAreKept(_ failure: Int32) throws {
    let daemon = RunningDaemon(homes: ["alice", "bob"])
    daemon.startFaulty()
    daemon.approve()
    daemon.setFaults(["call=openat2,open,read,stat path=/home/alice errno=\(failure)"])
    MarkedDrift().apply(to: daemon.root)
    let drift = MarkedDrift()
    let file = "home/bob/.kiro/settings/mcp.json"
    drift.apply(to: daemon.root, file)
    #expect(eventually { daemon.isApproved(file) && daemon.hasTold(drift) })
  }
}
