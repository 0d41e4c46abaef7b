import Foundation
import MCPConfig
import Support
import Testing

/// Approved by the signature of a key that the policy trusts, and nobody at the host.
@Suite(.serialized, .enabled(if: SigningKey.isAvailable)) struct SignedApprovalTests {
  private let host = SignedHost()

  @Test func aSignedFileNeedsNoHand() throws {
    host.start(host.content(7))
    // Records are written behind the daemon's back.
    #expect(eventually { !host.daemon.audits("baseline-approved").isEmpty })
    let told = try #require(host.daemon.audits("baseline-approved").first)
    #expect(told.value("SIGNER") == "security@bank.example")
    #expect(told.value("SIGNER_KEY")?.hasPrefix("SHA256:") == true)
    #expect(told.value("SERIAL") == "7")
    #expect(told.value("ACTOR_UID") == nil)
    #expect(told.message.contains("by the signature of security@bank.example (SHA256:"))
    let status = try host.daemon.json(["status"])
    #expect(status["state"]?.string == "ok")
    let by = try #require(status["baseline"]?["approved_by"]?.string?.text)
    #expect(by.hasPrefix("security@bank.example, signed with SHA256:"))
    let shown = try host.daemon.json(["baseline", "show"])
    #expect(shown["baseline"]?["signer"]?.string == "security@bank.example")
    #expect(shown["baseline"]?["highest_serial"]?.integer == 7)
    #expect(host.daemon.control(["ledger", "show"]).output.contains("security@bank.example"))
    #expect(host.refusals.isEmpty)
  }

  /// Nobody reloads anything: the file's change is noticed.
  @Test func aNewerOneIsAdoptedWhenItAppears() throws {
    host.start(host.content(1))
    let generation = try host.daemon.json(["status"])["generation"]?.integer
    host.deploy(host.content(2, "2.0"))
    #expect(eventually { host.isInForce(host.content(2, "2.0")) })
    #expect(try host.daemon.json(["status"])["generation"]?.integer == (generation ?? 0) + 1)
    #expect(
      eventually {
        host.daemon.audits("baseline-approved").map { $0.value("SERIAL") } == ["1", "2"]
      })
    // Only what was approved changed: no user did anything.
    #expect(host.daemon.incidents.isEmpty)
  }

  @Test func aReloadAdoptsToo() throws {
    host.daemon.root.write("etc/mcpolicyd/policy.json", RunningDaemon.policy())
    host.daemon.startApproved()
    host.deploy(host.content(1))
    host.setPolicy()
    let dry = try host.daemon.json(["reload", "--dry-run"])
    #expect(dry["adopts"]?.bool == true)
    #expect(try host.daemon.json(["baseline", "list"])["baselines"]?.elements?.count == 1)
    #expect(host.daemon.control(["reload"]).status == 0)
    #expect(eventually { host.isInForce(host.content(1)) })
  }

  @Test func anOlderOneIsNotPutBack() {
    host.start(host.content(5))
    host.deploy(host.content(4, "0.9"))
    host.expectRefused("its serial 4 is older than 5", inForce: host.content(5))
    // The same bytes again and again are one incident.
    #expect(host.daemon.control(["reload"]).status == 0)
    #expect(host.daemon.control(["sweep"]).status == 0)
    #expect(host.refusals.count == 1)
    host.deploy(host.content(5, "1.1"))
    host.expectRefused("serial 5 was that of another", inForce: host.content(5), count: 2)
    // Nor after a restart, when nothing but the store remembers.
    #expect(host.daemon.stop() == 0)
    host.daemon.start()
    #expect(eventually { host.refusals.count == 3 })
    #expect(host.isInForce(host.content(5)))
    host.deploy(host.content(6))
    #expect(eventually { host.isInForce(host.content(6)) })
  }

  @Test func keysThatArentTrustedApproveNothing() throws {
    host.start(host.content(1))
    let stranger = SigningKey("ecdsa", "-b", "256", in: host.daemon.root)
    host.deploy(host.content(2), by: stranger)
    host.expectRefused("isn't one that the policy trusts", inForce: host.content(1))
    host.deploy(host.content(3), namespace: "file")
    host.expectRefused("it was made for \"file\"", inForce: host.content(1), count: 2)
    host.deploy(host.content(4), by: SigningKey("rsa", in: host.daemon.root))
    host.expectRefused("\"ssh-rsa\" aren't verified", inForce: host.content(1), count: 3)
    host.deploy(host.content(nil, "3.0"))
    host.expectRefused("the file has no serial", inForce: host.content(1), count: 4)
    let status = try host.daemon.json(["status"])
    #expect(status["state"]?.string == "degraded")
    #expect(
      status["problems"]?.elements?.contains { $0.string?.text.contains("is refused") == true }
        == true)
    // Put right, it is over.
    host.deploy(host.content(5))
    #expect(eventually { host.isInForce(host.content(5)) })
    #expect(try host.daemon.json(["status"])["incidents"]?["open"]?.integer == 0)
  }

  @Test func aRevokedOrExpiredKeyUndoesNothing() throws {
    host.start(host.content(1))
    host.setPolicy(#", "valid_before": "2001-01-01""#)
    #expect(host.daemon.control(["reload"]).status == 0)
    #expect(host.isInForce(host.content(1)))
    #expect(host.refusals.isEmpty)
    host.deploy(host.content(2))
    host.expectRefused("valid before 2001-01-01T00:00:00Z only", inForce: host.content(1))
    host.setPolicy(more: #", "revoked": ["\#(host.key.line)"]"#)
    #expect(host.daemon.control(["reload"]).status == 0)
    host.expectRefused("its key is revoked", inForce: host.content(1), count: 2)
    #expect(host.refusals.last?.value("RULE")?.contains("policy.json:") == true)
    // Another key goes on.
    let next = SigningKey("ecdsa", "-b", "384", in: host.daemon.root)
    host.setPolicy(
      #"}, {"principal": "next", "key": "\#(next.line)""#,
      more: #", "revoked": ["\#(host.key.line)"]"#)
    #expect(host.daemon.control(["reload"]).status == 0)
    host.deploy(host.content(3), by: next)
    #expect(eventually { host.isInForce(host.content(3)) })
  }

  /// Between two files of one deployment nothing is wrong; a pair that stays so is.
  @Test func halfADeploymentIsNoIncident() throws {
    host.start(host.content(1))
    host.daemon.root.write("new", host.content(2))
    host.key.sign(host.daemon.root.at("new"))
    host.daemon.root.move("new", SignedHost.file)
    host.expectProblem("wasn't made for this file")
    #expect(host.refusals.isEmpty)
    host.daemon.root.move("new.sig", SignedHost.file + ".sig")
    #expect(eventually { host.isInForce(host.content(2)) })
    #expect(host.refusals.isEmpty)
    host.daemon.root.write(SignedHost.file, host.content(3))
    host.expectRefused("it wasn't made for this file, or is damaged", inForce: host.content(2))
  }

  @Test func withoutASignatureAPersonApproves() throws {
    host.start(host.content(1))
    host.daemon.root.remove(SignedHost.file + ".sig")
    host.daemon.root.write(SignedHost.file, host.content(9, "9.0"))
    host.expectProblem("it isn't signed")
    #expect(host.refusals.isEmpty)
    #expect(host.isInForce(host.content(1)))
    host.daemon.approve()
    #expect(host.isInForce(host.content(9, "9.0")))
    // What a person approved counts, too: an older signed one doesn't come after it.
    host.deploy(host.content(8))
    host.expectRefused("its serial 8 is older than 9", inForce: host.content(9, "9.0"))
  }
}
