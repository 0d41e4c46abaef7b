import Foundation
import MCPConfig
import Support
import Testing

/// What the real daemon writes into its ledger, and what `mcpolicyctl ledger` says of it.
@Suite(.serialized) struct LedgerTests {
  @Test func whatHappensIsInTheLedger() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(eventually { daemon.isApproved() })
    let drift = MarkedDrift()
    drift.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() && daemon.ledgerKinds.contains("incident") })
    #expect(daemon.control(["ack", "--all"]).status == 0)
    #expect(daemon.control(["resolve", "--all", "--note", "seen"]).status == 0)
    #expect(daemon.control(["revoke", "docs", "--reason", "test"]).status == 0)
    daemon.root.write("etc/mcpolicyd/policy.json", RunningDaemon.policy(mode: "observe"))
    #expect(daemon.control(["reload"]).status == 0)
    let told = try daemon.json(["incidents"])["incidents"]?.elements ?? []
    #expect(daemon.stop() == 0)
    #expect(
      daemon.ledgerKinds == [
        "start", "inventory", "change", "inventory", "incident", "acknowledged",
        "resolved", "change", "inventory", "mode",
        "inventory", "change", "stop",
      ])
    let all = daemon.ledgerLines
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
    let verified = daemon.verifyLedger()
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
      #expect(eventually { daemon.ledgerHas(drift) }, "run \(run)")
      daemon.signal(run % 2 == 0 ? SIGKILL : SIGTERM)
      _ = daemon.wait()
      #expect(daemon.verifyLedger().status == 0)
    }
    #expect(daemon.ledgerKinds.filter { $0 == "start" }.count == 4)
    #expect(daemon.ledgerKinds.filter { $0 == "stop" }.count == 2)
    #expect(daemon.incidents.allSatisfy { !$0.values("KIND").contains("baseline-tampered") })
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
    #expect(daemon.verifyLedger(["--head", head]).status == 0)
    let shown = daemon.ctlAlone(["ledger", "head"]).output
    #expect(shown == "\(head)\n")
    // A ledger that was written anew has another one.
    daemon.root.remove("var/lib/mcpolicyd")
    daemon.start()
    #expect(daemon.control(["status"]).status == 0)
    #expect(daemon.stop() == 0)
    #expect(daemon.verifyLedger().status == 0)
    #expect(daemon.verifyLedger(["--head", head]).status == 1)
  }

  /// A verification that was asked for and had nothing to go by says so.
  @Test func aJournalWithoutHeadsIsAFinding() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(daemon.stop() == 0)
    let (status, output) = daemon.verifyLedger(["--journal"])
    // Where no journal can be read, or one has heads of another ledger, that is said.
    let isSaid =
      status == 1 && (output.contains("anchor ") || output.contains("cut-off "))
      || status == 5 && output.contains("journal")
    #expect(isSaid, "\(status) \(output)")
    #expect(daemon.verifyLedger().status == 0)
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
    let folder = daemon.root.at(RunningDaemon.ledgerFolder)
    let command = line.replacingOccurrences(of: "/var/lib/mcpolicyd/ledger", with: folder)
    func run() -> String { daemon.run(["sh", "-c", command]).output }
    let head = daemon.ctlAlone(["ledger", "head"]).output.replacingOccurrences(of: ":", with: " ")
    #expect(run() == "True \(head)")
    let name = try #require(daemon.root.names(RunningDaemon.ledgerFolder).first)
    let text = try #require(daemon.root.read("\(RunningDaemon.ledgerFolder)/\(name)"))
    daemon.root.write(
      "\(RunningDaemon.ledgerFolder)/\(name)",
      text.replacingOccurrences(of: "SIGTERM", with: "SIGTERN"))
    #expect(run().hasPrefix("False "))
  }
}
