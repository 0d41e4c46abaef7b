import Foundation
import MCPConfig
import Support
import Testing

/// What was cut off, wiped, swapped or put into a ledger is told, and keeps nobody from starting.
@Suite(.serialized) struct LedgerHarmTests {
  /// The chain goes on behind a cut end, and would fit again; that it was cut stays to be seen.
  @Test func aCutEndStaysAFindingAfterAStart() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.ledgerHas(drift) })
    #expect(daemon.stop() == 0)
    let name = try #require(
      daemon.root.names(RunningDaemon.ledgerFolder).first { $0.hasSuffix(".jsonl") })
    let text = try #require(daemon.root.read("\(RunningDaemon.ledgerFolder)/\(name)"))
    let lines = text.split(separator: "\n")
    daemon.root.write(
      "\(RunningDaemon.ledgerFolder)/\(name)", lines.prefix(2).map { $0 + "\n" }.joined(),
      mode: 0o600)
    daemon.root.remove("\(RunningDaemon.ledgerFolder)/head")
    daemon.start()
    #expect(daemon.status != nil)
    #expect(daemon.stop() == 0)
    let (status, output) = daemon.verifyLedger()
    #expect(status == 1 && output.contains("the daemon found at its start that"), "\(output)")
  }

  @Test func anUnfinishedLineIsCutAndSaid() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    daemon.signal(SIGKILL)
    _ = daemon.wait()
    let name = try #require(daemon.root.names(RunningDaemon.ledgerFolder).first)
    let piece = #"{"at": "2026-11-"#
    let file = fopen(daemon.root.at("\(RunningDaemon.ledgerFolder)/\(name)"), "a")
    fputs(piece, file)
    fclose(file)
    daemon.start()
    let digest = SHA256Digest(of: Array(piece.utf8)).hexadecimal
    #expect(eventually { daemon.log.contains("were cut off (SHA-256 \(digest))") })
    #expect(daemon.control(["status"]).status == 0)
    #expect(daemon.stop() == 0)
    let starts = daemon.ledgerLines.filter { $0["kind"]?.string == "start" }
    #expect(starts.last?["data"]?["cut"]?["bytes"]?.integer == piece.utf8.count)
    #expect(starts.last?["data"]?["cut"]?["sha256"]?.string == ByteString(digest))
    #expect(daemon.verifyLedger().status == 0)
  }

  /// The daemon says it, goes on, and what was done stays to be seen.
  @Test func aCutLedgerIsAnIncident() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(daemon.stop() == 0)
    let name = try #require(daemon.root.names(RunningDaemon.ledgerFolder).first)
    let path = "\(RunningDaemon.ledgerFolder)/\(name)"
    let lines = try #require(daemon.root.read(path)).split(separator: "\n")
    daemon.root.write(path, lines.dropLast(2).map { "\($0)\n" }.joined(), mode: 0o600)
    let before = daemon.verifyLedger()
    #expect(before.status == 1 && before.output.contains("cut-off \(name):\(lines.count - 1): "))
    daemon.start()
    #expect(
      eventually { daemon.incidents.contains { $0.values("KIND") == ["baseline-tampered"] } })
    let told = try #require(daemon.incidents.last { $0.values("KIND") == ["baseline-tampered"] })
    #expect(told.value("TARGET") == "ledger" && told.value("SEVERITY") == "critical")
    #expect(daemon.status?["state"]?.string == "degraded")
    #expect(daemon.stop() == 0)
    #expect(daemon.ledgerKinds.contains("incident"))
    let after = daemon.verifyLedger()
    #expect(after.status == 1 && after.output.contains("removed \(name):\(lines.count - 1): "))
  }

  /// Nothing is left that could be looked at, and yet it isn't taken for a new one.
  @Test(arguments: [false, true]) func aWipedLedgerIsAnIncident(_ goesWithMark: Bool) throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(eventually { daemon.isApproved() && daemon.root.status(Self.mark) != nil })
    #expect(daemon.stop() == 0)
    daemon.root.remove(RunningDaemon.ledgerFolder)
    daemon.root.makeFolder(RunningDaemon.ledgerFolder, mode: 0o700)
    if goesWithMark {
      daemon.root.remove(Self.mark)
      let (status, output) = daemon.verifyLedger()
      #expect(status == 0 && output.hasPrefix("empty: there is no record"))
      #expect(!output.contains("intact"))
    } else {
      let (status, output) = daemon.verifyLedger()
      #expect(status == 1 && output.contains("cut-off ledger-mark: it names record "))
    }
    daemon.start()
    #expect(
      eventually { daemon.incidents.contains { $0.values("KIND") == ["baseline-tampered"] } })
    #expect(daemon.status?["state"]?.string == "degraded")
    #expect(daemon.stop() == 0)
    let (status, output) = daemon.verifyLedger()
    #expect(status == 1 && output.contains("the daemon found at its start that it has no record"))
  }

  private static let mark = "var/lib/mcpolicyd/ledger-mark"

  /// Under the running daemon's hands.
  @Test func aLedgerThatIsSwappedForItsCopyIsAnIncident() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(eventually { daemon.isApproved() && daemon.ledgerKinds.contains("inventory") })
    try FileManager.default.copyItem(
      atPath: daemon.root.at(RunningDaemon.ledgerFolder), toPath: daemon.root.at("copy"))
    daemon.root.move(RunningDaemon.ledgerFolder, "away")
    daemon.root.move("copy", RunningDaemon.ledgerFolder)
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.ledgerHas(drift) })
    #expect(
      eventually { daemon.incidents.contains { $0.values("KIND") == ["baseline-tampered"] } })
    #expect(eventually { daemon.log.contains("its folder") })
    #expect(daemon.stop() == 0)
  }

  /// The guard starts whatever lies there.
  @Test func whatIsNoFileInTheLedgerKeepsNobodyFromStarting() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(daemon.stop() == 0)
    let name = try #require(
      daemon.root.names(RunningDaemon.ledgerFolder).first { $0.hasSuffix(".jsonl") })
    for path in ["\(RunningDaemon.ledgerFolder)/\(name)", "\(RunningDaemon.ledgerFolder)/head"] {
      daemon.root.remove(path)
    }
    daemon.root.makeFolder("\(RunningDaemon.ledgerFolder)/\(name)")
    #expect(mkfifo(daemon.root.at("\(RunningDaemon.ledgerFolder)/head"), 0o600) == 0)
    let (before, _) = daemon.verifyLedger()
    #expect(before == 1)
    daemon.start()
    #expect(daemon.status?["state"]?.string == "degraded")
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() && daemon.ledgerHas(drift) })
    #expect(daemon.stop() == 0)
    #expect(daemon.verifyLedger().status == 1)
  }

  @Test func othersWhoMayWriteIntoTheFolderAreTold() throws {
    let daemon = RunningDaemon()
    daemon.root.makeFolder(RunningDaemon.ledgerFolder, mode: 0o777)
    daemon.startApproved()
    #expect(
      eventually {
        daemon.incidents.contains {
          $0.values("KIND") == ["permissions-drift"] && $0.values("FIELD") == ["ledger"]
        }
      })
    #expect(daemon.root.permissions(RunningDaemon.ledgerFolder) == 0o700)
    #expect(daemon.stop() == 0)
  }
}
