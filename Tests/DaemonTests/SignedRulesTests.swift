import Foundation
import MCPConfig
import Support
import Testing

/// Signatures beside the other ways to approve: by hand, by pin, by rollback; and a store that was damaged.
@Suite(.serialized, .enabled(if: SigningKey.isAvailable)) struct SignedRulesTests {
  private let host = SignedHost()

  /// Whoever rolls back doesn't want what lies there: it isn't taken again.
  @Test func aRollbackIsNotUndone() throws {
    host.start(host.content(1))
    host.deploy(host.content(2))
    #expect(eventually { host.isInForce(host.content(2)) })
    #expect(host.daemon.control(["baseline", "rollback", "1", "--yes"]).status == 0)
    #expect(host.isInForce(host.content(1)))
    #expect(host.daemon.control(["reload"]).status == 0)
    #expect(host.daemon.stop() == 0)
    host.daemon.start()
    let status = try host.daemon.json(["status"])
    #expect(
      status["problems"]?.elements?.contains {
        $0.string?.text.contains("something else was approved after it") == true
      } == true)
    #expect(host.isInForce(host.content(1)))
    #expect(host.refusals.isEmpty)
    host.deploy(host.content(3))
    #expect(eventually { host.isInForce(host.content(3)) })
  }

  /// What was signed heals a store that was damaged, and that it was damaged is told.
  @Test func aDamagedStoreIsMendedBySignature() throws {
    host.start(host.content(1))
    host.deploy(host.content(2))
    #expect(eventually { host.isInForce(host.content(2)) })
    #expect(host.daemon.stop() == 0)
    host.daemon.root.remove("var/lib/mcpolicyd/baseline/2.mcp.json")
    host.daemon.root.write("var/lib/mcpolicyd/baseline/2.mcp.json", host.content(2) + " ")
    host.daemon.start()
    #expect(
      eventually {
        host.daemon.incidents.contains {
          $0.value("TARGET") == "baseline" && $0.message.contains("took its place")
        }
      })
    #expect(try host.daemon.json(["status"])["state"]?.string == "ok")
    // A damaged record brings no older serial back.
    #expect(host.daemon.stop() == 0)
    host.daemon.root.remove("var/lib/mcpolicyd/baseline/3.json")
    host.daemon.root.write("var/lib/mcpolicyd/baseline/3.json", "{}")
    host.deploy(host.content(1))
    host.daemon.start()
    #expect(eventually { host.refusals.contains { $0.message.contains("is older than 2") } })
    #expect(host.isInForce(host.content(2)))
  }

  @Test func aPinMustHoldToo() throws {
    host.deploy(host.content(1))
    let pin = try JSON(parsing: Array(host.content(1).utf8)).canonicalSHA256
    host.setPolicy(more: #", "sha256": "\#(pin)""#)
    host.daemon.start()
    #expect(eventually { host.isInForce(host.content(1)) })
    host.deploy(host.content(2))
    host.expectProblem("isn't what the policy pins")
    #expect(host.isInForce(host.content(1)))
    #expect(host.refusals.isEmpty)
  }

  /// What nobody may have, a signature doesn't bring either.
  @Test func theWhitelistHoldsForSignersToo() throws {
    host.start(host.content(1))
    host.deploy(host.content(2, server: "web-search"))
    host.expectProblem("doesn't let anyone have the server \"web-search\"")
    #expect(host.isInForce(host.content(1)))
  }

  @Test func signedOnlyLeavesNoOtherWay() throws {
    host.setPolicy(more: #", "signed_only": true"#)
    host.start(host.content(1))
    host.daemon.root.write("mine.json", host.content(2, "2.0"))
    let refused = host.daemon.control(["approve", host.daemon.root.at("mine.json"), "--yes"])
    #expect(refused.status == 2)
    #expect(refused.output.contains("takes signed approvals only"))
    #expect(host.isInForce(host.content(1)))
    host.deploy(host.content(2, "2.0"))
    #expect(eventually { host.isInForce(host.content(2, "2.0")) })
    // Back to what was signed once is allowed.
    #expect(host.daemon.control(["baseline", "rollback", "1", "--yes"]).status == 0)
    #expect(host.isInForce(host.content(1)))
  }
}
