import Foundation
import MCPConfig
import Support
import Testing

/// The wall clock jumps under a running daemon.
@Suite(.serialized) struct ClockTests {
  static let year = 31_536_000

  /// Up to 2232, where the kernel's own clock ends. Restores go on, and each incident carries the clock of its moment and a deadline after it.
  @Test(arguments: [year, -year, -56 * year, 40 * year, 200 * year])
  func restoresGoOn(_ seconds: Int) throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    let before = MarkedDrift()
    before.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() && daemon.hasTold(before) })
    daemon.setFaults(["clock=\(seconds)"])
    for _ in 0..<3 {
      let drift = MarkedDrift()
      drift.apply(to: daemon.root)
      #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) }, "\(daemon.log)")
    }
    daemon.setFaults([])
    let after = MarkedDrift()
    after.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() && daemon.hasTold(after) })
    let identifiers = daemon.incidents.compactMap { $0.value("INCIDENT") }
    #expect(Set(identifiers).count == identifiers.count, "\(identifiers)")
    let found = try #require(
      try? JSON(parsing: Array(daemon.control(["incidents", "--json"]).output.utf8)))
    for incident in found["incidents"]?.elements ?? [] {
      let discovered = try #require(incident["discovered_at"]?.string?.text)
      let respondBy = try #require(incident["respond_by"]?.string?.text)
      #expect(discovered < respondBy)
    }
    #expect(daemon.stop() == 0)
  }

  /// Sweeps and retries go by the monotonic clock.
  @Test(arguments: [year, -year])
  func sweepsGoOn(_ seconds: Int) throws {
    let daemon = RunningDaemon(policy: RunningDaemon.policy(sweep: 10))
    daemon.startFaulty()
    daemon.approve()
    daemon.setFaults(["clock=\(seconds)", "call=rename path=/home/alice errno=\(EIO) count=4"])
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.hasTold(drift, action: "failed") })
    _ = daemon.control(["sweep"])
    #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) })
  }

  /// With a clock far ahead of the file times every stamp looks old enough to be trusted.
  @Test func stampsOfAClockAheadHideNothing() throws {
    let daemon = RunningDaemon(policy: RunningDaemon.policy(access: "user-writable"))
    daemon.startFaulty(["clock=\(Self.year)"])
    daemon.approve()
    for _ in 0..<6 {
      let drift = MarkedDrift()
      daemon.root.write(RunningDaemon.file, drift.text)
      #expect(
        eventually { daemon.root.read(RunningDaemon.file) == RunningDaemon.approved })
      #expect(eventually { daemon.hasTold(drift) })
    }
  }
}
