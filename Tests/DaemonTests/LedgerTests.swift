import Foundation
import MCPConfig
import Support
import Testing

/// What the real daemon writes into its ledger, and what `mcpolicyctl ledger` says of it.
@Suite(.serialized) struct LedgerTests {
  private static let folder = "var/lib/mcpolicyd/ledger"

  private func records(_ daemon: RunningDaemon) -> [JSON] {
    let names = daemon.root.names(Self.folder).filter { $0.hasSuffix(".jsonl") }
    return names.flatMap { name in
      (daemon.root.read("\(Self.folder)/\(name)") ?? "").split(separator: "\n").compactMap {
        try? JSON(parsing: Array($0.utf8))
      }
    }
  }

  private func kinds(_ daemon: RunningDaemon) -> [String] {
    records(daemon).compactMap { $0["kind"]?.string?.text }
  }

  private func has(_ daemon: RunningDaemon, _ drift: MarkedDrift) -> Bool {
    records(daemon).contains { $0["data"]?["sha256_found"]?.string == ByteString(drift.sha256) }
  }

  private func verify(
    _ daemon: RunningDaemon, _ more: [String] = []
  ) -> (status: Int32, output: String) {
    let file = daemon.root.at("verify")
    daemon.root.remove("verify")
    let child = RunningDaemon.spawn(
      ["\(RunningDaemon.products)/mcpolicyctl", "ledger", "verify", "--root", daemon.root.path]
        + more, stderr: file, stdout: file)
    var status: Int32 = 0
    waitpid(child, &status, 0)
    return (status >> 8 & 0xFF, daemon.root.read("verify") ?? "")
  }

  /// The chain goes on behind a cut end, and would fit again; that it was cut stays to be seen.
  @Test func aCutEndStaysAFindingAfterAStart() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { has(daemon, drift) })
    #expect(daemon.stop() == 0)
    let name = try #require(
      daemon.root.names(Self.folder).first { $0.hasSuffix(".jsonl") })
    let text = try #require(daemon.root.read("\(Self.folder)/\(name)"))
    let lines = text.split(separator: "\n")
    daemon.root.write(
      "\(Self.folder)/\(name)", lines.prefix(2).map { $0 + "\n" }.joined(), mode: 0o600)
    daemon.root.remove("\(Self.folder)/head")
    daemon.start()
    #expect(daemon.status != nil)
    #expect(daemon.stop() == 0)
    let (status, output) = verify(daemon)
    #expect(status == 1 && output.contains("the daemon found at its start that"), "\(output)")
  }

  @Test func whatHappensIsInTheLedger() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(eventually { daemon.isApproved() })
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() && kinds(daemon).contains("incident") })
    #expect(daemon.control(["ack", "--all"]).status == 0)
    #expect(daemon.control(["resolve", "--all", "--note", "seen"]).status == 0)
    #expect(daemon.control(["revoke", "docs", "--reason", "test"]).status == 0)
    daemon.root.write("etc/mcpolicyd/policy.json", RunningDaemon.policy(mode: "observe"))
    #expect(daemon.control(["reload"]).status == 0)
    let told = try daemon.json(["incidents"])["incidents"]?.elements ?? []
    #expect(daemon.stop() == 0)
    #expect(
      kinds(daemon) == [
        "start", "inventory", "change", "inventory", "incident", "acknowledged",
        "resolved", "change", "inventory", "mode",
        "inventory", "change", "stop",
      ])
    let all = records(daemon)
    let incident = try #require(all.first { $0["kind"]?.string == "incident" }?["data"])
    // What is listed has what became of it since, too.
    for member in try #require(incident.members) {
      #expect(
        told.first?[member.key]?.canonicalForm == member.value.canonicalForm,
        "\(member.key.text)")
    }
    #expect(incident["findings"]?.elements?.isEmpty == false)
    let resolved = try #require(all.first { $0["kind"]?.string == "resolved" }?["data"])
    #expect(resolved["incident"]?.string == incident["id"]?.string)
    #expect(resolved["note"]?.string == "seen" && resolved["by"]?.string != nil)
    let changes = all.filter { $0["kind"]?.string == "change" }
      .compactMap { $0["data"]?["change"]?.string?.text }
    #expect(changes == ["baseline-approved", "server-revoked", "policy-reloaded"])
    let inventories = all.filter { $0["kind"]?.string == "inventory" }
      .compactMap { $0["data"]?["users"]?["alice"] }
      .map { $0.elements?.compactMap { $0.string?.text } }
    #expect(inventories == [[], ["docs", "git"], ["git"], ["git"]])
    let mode = try #require(all.first { $0["kind"]?.string == "mode" }?["data"])
    #expect(
      mode.canonicalForm == Array(#"{"from": "enforce", "target": null, "to": "observe"}"#.utf8))
    #expect(all.last?["data"]?["reason"]?.string == "SIGTERM")
    let verified = verify(daemon)
    #expect(verified.status == 0, "\(verified.output)")
  }

  @Test func theChainGoesOnOverRestartsAndKills() throws {
    let daemon = RunningDaemon()
    for run in 0..<4 {
      daemon.start()
      if run == 0 { daemon.approve() }
      let drift = MarkedDrift()
      #expect(eventually { daemon.isApproved() })
      drift.apply(to: daemon.root)
      #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) })
      #expect(eventually { has(daemon, drift) }, "run \(run)")
      daemon.signal(run % 2 == 0 ? SIGKILL : SIGTERM)
      _ = daemon.wait()
      #expect(verify(daemon).status == 0)
    }
    #expect(kinds(daemon).filter { $0 == "start" }.count == 4)
    #expect(kinds(daemon).filter { $0 == "stop" }.count == 2)
    #expect(daemon.incidents.allSatisfy { !$0.values("KIND").contains("baseline-tampered") })
  }

  @Test func anUnfinishedLineIsCutAndSaid() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    daemon.signal(SIGKILL)
    _ = daemon.wait()
    let name = try #require(daemon.root.names(Self.folder).first)
    let piece = #"{"at": "2026-11-"#
    let file = fopen(daemon.root.at("\(Self.folder)/\(name)"), "a")
    fputs(piece, file)
    fclose(file)
    daemon.start()
    let digest = SHA256Digest(of: Array(piece.utf8)).hexadecimal
    #expect(eventually { daemon.log.contains("were cut off (SHA-256 \(digest))") })
    #expect(daemon.control(["status"]).status == 0)
    #expect(daemon.stop() == 0)
    let starts = records(daemon).filter { $0["kind"]?.string == "start" }
    #expect(starts.last?["data"]?["cut"]?["bytes"]?.integer == piece.utf8.count)
    #expect(starts.last?["data"]?["cut"]?["sha256"]?.string == ByteString(digest))
    #expect(verify(daemon).status == 0)
  }

  /// The daemon says it, goes on, and what was done stays to be seen.
  @Test func aCutLedgerIsAnIncident() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(daemon.stop() == 0)
    let name = try #require(daemon.root.names(Self.folder).first)
    let path = "\(Self.folder)/\(name)"
    let lines = try #require(daemon.root.read(path)).split(separator: "\n")
    daemon.root.write(path, lines.dropLast(2).map { "\($0)\n" }.joined(), mode: 0o600)
    let before = verify(daemon)
    #expect(before.status == 1 && before.output.contains("cut-off \(name):\(lines.count - 1): "))
    daemon.start()
    #expect(
      eventually { daemon.incidents.contains { $0.values("KIND") == ["baseline-tampered"] } })
    let told = try #require(daemon.incidents.last { $0.values("KIND") == ["baseline-tampered"] })
    #expect(told.value("TARGET") == "ledger" && told.value("SEVERITY") == "critical")
    #expect(daemon.status?["state"]?.string == "degraded")
    #expect(daemon.stop() == 0)
    #expect(kinds(daemon).contains("incident"))
    let after = verify(daemon)
    #expect(after.status == 1 && after.output.contains("removed \(name):\(lines.count - 1): "))
  }

  /// Once an hour and at the end: what an off-host log has.
  @Test func theJournalHasTheHead() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(daemon.stop() == 0)
    let heads = daemon.log.split(separator: "\n").compactMap { line -> String? in
      guard let fields = try? JSON(parsing: Array(line.utf8)),
        let seq = fields["MCPOLICY_LEDGER_SEQ"]?.string?.text,
        let hash = fields["MCPOLICY_LEDGER_HEAD"]?.string?.text
      else { return nil }
      return "\(seq):\(hash)"
    }
    let head = try #require(heads.last)
    #expect(verify(daemon, ["--head", head]).status == 0)
    let shown = daemonless(daemon, ["ledger", "head"])
    #expect(shown == "\(head)\n")
    // A ledger that was written anew has another one.
    daemon.root.remove("var/lib/mcpolicyd")
    daemon.start()
    #expect(daemon.control(["status"]).status == 0)
    #expect(daemon.stop() == 0)
    #expect(verify(daemon).status == 0)
    #expect(verify(daemon, ["--head", head]).status == 1)
  }

  /// Nothing is left that could be looked at, and yet it isn't taken for a new one.
  @Test(arguments: [false, true]) func aWipedLedgerIsAnIncident(_ goesWithMark: Bool) throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(eventually { daemon.isApproved() && daemon.root.status(Self.mark) != nil })
    #expect(daemon.stop() == 0)
    daemon.root.remove(Self.folder)
    daemon.root.makeFolder(Self.folder, mode: 0o700)
    if goesWithMark {
      daemon.root.remove(Self.mark)
      let (status, output) = verify(daemon)
      #expect(status == 0 && output.hasPrefix("empty: there is no record"))
      #expect(!output.contains("intact"))
    } else {
      let (status, output) = verify(daemon)
      #expect(status == 1 && output.contains("cut-off ledger-mark: it names record "))
    }
    daemon.start()
    #expect(
      eventually { daemon.incidents.contains { $0.values("KIND") == ["baseline-tampered"] } })
    #expect(daemon.status?["state"]?.string == "degraded")
    #expect(daemon.stop() == 0)
    let (status, output) = verify(daemon)
    #expect(status == 1 && output.contains("the daemon found at its start that it has no record"))
  }

  private static let mark = "var/lib/mcpolicyd/ledger-mark"

  /// Under the running daemon's hands.
  @Test func aLedgerThatIsSwappedForItsCopyIsAnIncident() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(eventually { daemon.isApproved() && kinds(daemon).contains("inventory") })
    try FileManager.default.copyItem(
      atPath: daemon.root.at(Self.folder), toPath: daemon.root.at("copy"))
    daemon.root.move(Self.folder, "away")
    daemon.root.move("copy", Self.folder)
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { has(daemon, drift) })
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
    let name = try #require(daemon.root.names(Self.folder).first { $0.hasSuffix(".jsonl") })
    for path in ["\(Self.folder)/\(name)", "\(Self.folder)/head"] { daemon.root.remove(path) }
    daemon.root.makeFolder("\(Self.folder)/\(name)")
    #expect(mkfifo(daemon.root.at("\(Self.folder)/head"), 0o600) == 0)
    let (before, _) = verify(daemon)
    #expect(before == 1)
    daemon.start()
    #expect(daemon.status?["state"]?.string == "degraded")
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() && has(daemon, drift) })
    #expect(daemon.stop() == 0)
    #expect(verify(daemon).status == 1)
  }

  @Test func othersWhoMayWriteIntoTheFolderAreTold() throws {
    let daemon = RunningDaemon()
    daemon.root.makeFolder(Self.folder, mode: 0o777)
    daemon.startApproved()
    #expect(
      eventually {
        daemon.incidents.contains {
          $0.values("KIND") == ["permissions-drift"] && $0.values("FIELD") == ["ledger"]
        }
      })
    #expect(daemon.root.permissions(Self.folder) == 0o700)
    #expect(daemon.stop() == 0)
  }

  /// A verification that was asked for and had nothing to go by says so.
  @Test func aJournalWithoutHeadsIsAFinding() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(daemon.stop() == 0)
    let (status, output) = verify(daemon, ["--journal"])
    // Where no journal can be read, or one has heads of another ledger, that is said.
    let isSaid =
      status == 1 && (output.contains("anchor ") || output.contains("cut-off "))
      || status == 5 && output.contains("journal")
    #expect(isSaid, "\(status) \(output)")
    #expect(verify(daemon).status == 0)
  }

  private func daemonless(_ daemon: RunningDaemon, _ arguments: [String]) -> String {
    let file = daemon.root.at("shown")
    let child = RunningDaemon.spawn(
      ["\(RunningDaemon.products)/mcpolicyctl"] + arguments + ["--root", daemon.root.path],
      stderr: file, stdout: file)
    var status: Int32 = 0
    waitpid(child, &status, 0)
    return daemon.root.read("shown") ?? ""
  }

  @Test func auditorsReadItFromTheDaemon() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    let shown = daemon.control(["ledger", "show"])
    #expect(shown.status == 0)
    let lines = shown.output.split(separator: "\n")
    #expect(lines.count >= 4 && lines[0].contains(#""kind": "start""#))
    let third = try #require(JSON(parsing: Array(lines[2].utf8))["at"]?.string?.text)
    let later = daemon.control(["ledger", "show", "--since", third])
    #expect(later.output.split(separator: "\n").first == lines[2])
    #expect(daemon.control(["ledger", "show", "--since", "yesterday"]).status == 2)
    guard geteuid() == 0 else { return }
    #expect(daemon.control(["ledger", "show"], as: RunningDaemon.uid(0)).status == 4)
    #expect(daemon.control(["ledger", "verify"], as: RunningDaemon.uid(0)).status == 4)
  }

  /// The command that stands in docs/Ledger.md.
  @Test func pythonRecomputesTheChain() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(daemon.stop() == 0)
    let page = try String(contentsOfFile: "\(packageFolder)/docs/Ledger.md", encoding: .utf8)
    let line = try #require(page.split(separator: "\n").first { $0.contains("| python3 -c") })
    let folder = daemon.root.at(Self.folder)
    let command = line.replacingOccurrences(of: "/var/lib/mcpolicyd/ledger", with: folder)
    func run() -> String {
      daemon.root.remove("python")
      let output = daemon.root.at("python")
      let child = RunningDaemon.spawn(["sh", "-c", command], stderr: output, stdout: output)
      var status: Int32 = 0
      waitpid(child, &status, 0)
      return daemon.root.read("python") ?? ""
    }
    let head = daemonless(daemon, ["ledger", "head"]).replacingOccurrences(of: ":", with: " ")
    #expect(run() == "True \(head)")
    let name = try #require(daemon.root.names(Self.folder).first)
    let text = try #require(daemon.root.read("\(Self.folder)/\(name)"))
    daemon.root.write(
      "\(Self.folder)/\(name)", text.replacingOccurrences(of: "SIGTERM", with: "SIGTERN"))
    #expect(run().hasPrefix("False "))
  }
}
