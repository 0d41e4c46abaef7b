import Foundation
import Support
import Testing

/// The daemon at its limit of descriptors, for real.
@Suite(.serialized) struct DescriptorTests {
  /// `prlimit` on the running daemon: not one more descriptor.
  @Test func exhaustionBlamesNobodyAndEnds() throws {
    let daemon = RunningDaemon(homes: ["alice", "bob"])
    daemon.startApproved()
    let before = daemon.root.status(RunningDaemon.file)
    limit(daemon, 3)
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    let file = "home/bob/.kiro/settings/mcp.json"
    let good = daemon.root.status(file)
    utimes(daemon.root.at(file), nil)
    // A peer can't be accepted either, and waits.
    let client = RunningDaemon.spawn(
      ["\(RunningDaemon.products)/mcpolicyctl", "sweep", "--root", daemon.root.path],
      stderr: daemon.root.at("client"))
    usleep(100_000)
    limit(daemon, 1024)
    var status: Int32 = 0
    waitpid(client, &status, 0)
    #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) }, "\(daemon.log)")
    #expect(daemon.root.status(RunningDaemon.file)?.st_ino != before?.st_ino)
    #expect(daemon.root.status(file)?.st_ino == good?.st_ino, "a good file was replaced")
    #expect(daemon.incidents.allSatisfy { $0.value("PATH")?.hasSuffix(file) != true })
    #expect(daemon.control(["status"]).status == 0)
    #expect(daemon.stop() == 0)
  }

  /// A peer that can't be accepted waits; the daemon neither ends nor spins.
  @Test(arguments: [EMFILE, ENFILE, ENOMEM])
  func connectionWaitsForADescriptor(_ failure: Int32) throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    daemon.setFaults(["call=accept errno=\(failure)"])
    let client = RunningDaemon.spawn(
      ["\(RunningDaemon.products)/mcpolicyctl", "status", "--root", daemon.root.path],
      stderr: daemon.root.at("client"))
    #expect(eventually { daemon.doneFaults.contains { $0.call == "accept" } })
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) })
    daemon.forgetDoneFaults()
    for _ in 0..<3 {
      let drift = MarkedDrift()
      drift.apply(to: daemon.root)
      #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) })
    }
    #expect(daemon.doneFaults.count < 100, "it spins")
    daemon.setFaults([])
    var status: Int32 = 0
    waitpid(client, &status, 0)
    #expect(daemon.control(["status"]).status == 0)
    #expect(daemon.stop() == 0)
  }

  private func limit(_ daemon: RunningDaemon, _ count: Int) {
    let command = ["prlimit", "--pid", "\(daemon.processID)", "--nofile=\(count):"]
    var status: Int32 = 0
    waitpid(RunningDaemon.spawn(command, stderr: "/dev/null"), &status, 0)
    precondition(status == 0, "prlimit")
  }
}
