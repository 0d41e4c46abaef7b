import Foundation
import Support
import Testing

/// The power goes between an exchange and its data reaching the disk.
@Suite(.serialized) struct PowerLossTests {
  /// How a file looks whose data never came to the disk.
  enum Torn: String, CaseIterable, CustomTestStringConvertible {
    case empty, half, zeros, lastBlockZeros, otherFile

    var testDescription: String { rawValue }

    var bytes: String {
      let whole = RunningDaemon.approved
      let half = whole.prefix(whole.count / 2)
      switch self {
      case .empty: return ""
      case .half: return String(half)
      case .zeros: return String(repeating: "\0", count: whole.utf8.count)
      case .lastBlockZeros: return half + String(repeating: "\0", count: whole.count - half.count)
      case .otherFile: return "root:x:0:0:root:/root:/bin/bash\n"
      }
    }
  }

  @Test(arguments: Torn.allCases, [RunningDaemon.file, "etc/kiro/mcp.json"])
  func tornTargetIsFoundAndRestoredAtStart(_ torn: Torn, _ target: String) throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    daemon.root.remove(target)
    #expect(eventually { daemon.isApproved(target) && !daemon.incidents.isEmpty })
    daemon.signal(SIGKILL)
    #expect(daemon.wait() == -SIGKILL)
    let told = daemon.incidents.count
    tear(daemon.root, target, torn)
    daemon.start()
    #expect(eventually { daemon.isApproved(target) }, "\(daemon.log)")
    #expect(eventually { daemon.incidents.count == told + 1 })
    let incident = try #require(daemon.incidents.last)
    let kind = target == RunningDaemon.file ? "unreadable-config" : "baseline-tampered"
    #expect(incident.values("KIND").contains(kind), "\(incident.message)")
    #expect(incident.value("ACTION") == "restored")
    #expect(daemon.stop() == 0)
  }

  /// A torn copy in the stage is never put anywhere.
  @Test(arguments: Torn.allCases)
  func tornStageIsNotUsed(_ torn: Torn) throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(eventually { !daemon.root.names("home/.mcpolicyd").isEmpty })
    daemon.signal(SIGKILL)
    #expect(daemon.wait() == -SIGKILL)
    let staged = daemon.root.names("home/.mcpolicyd").map { "home/.mcpolicyd/\($0)" }
    for copy in staged { tear(daemon.root, copy, torn) }
    daemon.root.remove(RunningDaemon.file)
    daemon.start()
    for _ in 0..<6 {
      #expect(eventually { daemon.isApproved() })
      let drift = MarkedDrift()
      drift.apply(to: daemon.root)
      #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) })
    }
    #expect(daemon.stop() == 0)
  }

  /// Whatever has a lasting name was on the disk before it got it, and its folder is synced after.
  @Test func approvalIsOnTheDiskBeforeItIsAnswered() throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    #expect(daemon.control(["status"]).status == 0)
    daemon.setFaults(["call=write,fsync,link,rename path=/baseline trace"])
    daemon.approve()
    let calls = daemon.doneFaults.map(\.call)
    let name = calls.contains("rename") ? "rename" : "link"
    #expect(calls == ["write", "fsync", name, "fsync", "write", "fsync", name, "fsync"])
    #expect(daemon.doneFaults.last?.path.hasSuffix("/baseline") == true)
  }

  @Test func evidenceAndStageAreOnTheDiskBeforeTheirNamesCount() throws {
    let daemon = RunningDaemon()
    daemon.startFaulty()
    daemon.approve()
    daemon.setFaults([
      "call=write,fsync,link,rename path=/evidence trace",
      "call=write,fsync path=/home/.mcpolicyd trace",
    ])
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() && daemon.keepsEvidence(of: drift) })
    #expect(daemon.stop() == 0)
    let evidence = daemon.doneFaults.filter { $0.path.contains("/evidence") }.map(\.call)
    #expect(evidence.prefix(2) == ["write", "fsync"] && evidence.dropFirst(3).first == "fsync")
    // A restore before the first copies stood ready made its own, which nobody waits for.
    let stage = Dictionary(
      grouping: daemon.doneFaults.filter { $0.path.contains("/.mcpolicyd") }, by: \.path)
    #expect(stage.values.contains { $0.map(\.call) == ["write", "fsync"] }, "\(stage)")
  }

  private func tear(_ root: TemporaryRoot, _ file: String, _ torn: Torn) {
    let inode = root.status(file)?.st_ino
    chmod(root.at(file), 0o600)
    root.write(file, torn.bytes)
    chmod(root.at(file), 0o444)
    #expect(root.status(file)?.st_ino == inode)
  }
}
