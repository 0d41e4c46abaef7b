import MCPConfig
import Policy

/// The policy: no text makes its reader crash, and what it takes has the shape it promises.
struct PolicyProperties {
  let text: [UInt8]

  func check() {
    do throws(PolicyError) {
      check(try Policy(parsing: text, file: "policy.json"))
    } catch {
      expect(error.position.isInside(text), "the error stands in the text: \(error)")
      expect(!error.message.isEmpty, "and says what is wrong")
    }
  }

  private func check(_ policy: Policy) {
    expect(!policy.targets.isEmpty, "there is a target")
    expect(policy.approvedFile.utf8.first == UInt8(ascii: "/"), "the approved file is absolute")
    expect(policy.sweepSeconds > 0, "sweeps come")
    expect(1...3650 ~= policy.ledgerRetentionDays, "the ledger is kept for a while")
    expect(policy.access != .link || policy.central != nil, "a link has somewhere to point")
    let root = UserIdentity(uid: 0, name: "root", groups: ["root"])
    for rule in policy.whitelist.rules {
      let anyone = policy.whitelist.decide(rule.server, for: nil)
      let decision = policy.whitelist.decide(rule.server, for: root)
      expect(anyone != .unknown && decision != .unknown, "a listed server is decided on")
      expect(rule.tier != .nobody || !anyone.isAllowed, "tier 3 is nobody's")
      expect(anyone.isAllowed || !decision.isAllowed, "a user gets no more than anyone could")
      if rule.tier == .everyone, !decision.isAllowed {
        // Rules on one line share their place.
        let taking = policy.whitelist.rules.filter { $0.place == decision.rule }
        expect(taking.contains { $0.tier == .nobody }, "only tier 3 takes a tier 1 server away")
      }
    }
    _ = policy.whitelist.decide(ByteString(text), for: root)
  }
}
