import MCPConfig
import Policy
import Signatures
import Support
import Testing

/// What a signature is worth under a policy.
@Suite struct TrustTests {
  private static let now = Timestamp("2026-06-01T12:00:00Z")!

  /// - Parameter signers: members of the entry beside its key.
  private func trust(_ signers: String = "", revoked: String = "") throws -> Trust {
    let text = """
      {"version": 1, "whitelist": [],
       "targets": [{"name": "n", "path": "~/.m", "client": "kiro"}],
       "approved": {"file": "/a/b", "trust": [
         {"principal": "other", "key": "\(Vectors.line("p384").text)"},
         {"principal": "alice", "key": "\(Vectors.line("ed25519").text)"\(signers)}
       ], "revoked": [\(revoked)]}}
      """
    return try #require(try Policy(parsing: Array(text.utf8), file: "policy.json").trust)
  }

  private func check(
    _ trust: Trust, signature: String = "ed25519", content: [UInt8] = Vectors.content,
    highest: HighestSerial? = nil
  ) throws -> SignatureCheck {
    trust.check(
      content, try ConfigDocument(parsing: content),
      signature: Vectors.bytes("\(signature).sig"), at: Self.now, highest: highest)
  }

  @Test func aTrustedKeyApproves() throws {
    let found = try check(trust())
    #expect(found.refusal == nil)
    #expect(found.signer?.principal == "alice")
    #expect(found.signer?.place == "policy.json:5")
    #expect(found.serial == 7)
    #expect(found.key == (try Vectors.key("ed25519")))
  }

  @Test func whatIsNotTrusted() throws {
    #expect(try check(trust(), signature: "p256").refusal == .untrusted)
    #expect(try check(trust(), signature: "namespace").refusal == .otherNamespace("file"))
    #expect(
      try check(trust(), signature: "rsa").refusal == .unreadable(.unsupportedKey("ssh-rsa")))
    let other = Vectors.content + [0x0A]
    let misfit = try check(trust(), content: other)
    #expect(misfit.refusal == .misfit)
    #expect(misfit.signer == nil, "of a key that didn't sign nothing is said")
  }

  @Test(arguments: [
    (#", "valid_after": "2026-06-02""#, "isn't valid before 2026-06-02T00:00:00Z (policy.json:5)"),
    (#", "valid_before": "2026-06-01T12:00:00Z""#, "valid before 2026-06-01T12:00:00Z only"),
    (#", "valid_after": "2026-06-01T12:00:00Z", "valid_before": "2026-06-01T12:00:01Z""#, ""),
  ])
  func aKeyHasItsTime(_ times: String, _ reason: String) throws {
    let refusal = try check(trust(times)).refusal
    #expect((refusal == nil) == reason.isEmpty)
    #expect(refusal?.reason.contains(reason) ?? true)
  }

  @Test func aRevokedKeyApprovesNothing() throws {
    let fingerprint = try Vectors.key("ed25519").fingerprint
    for revoked in ["\"\(fingerprint)\"", "\"\(Vectors.line("ed25519").text) again\""] {
      let refusal = try check(trust(revoked: revoked)).refusal
      #expect(refusal == .revoked(place: "policy.json:6"))
      #expect(refusal?.rule == "policy.json:6")
    }
    // Whether it is trusted or not: what is said first is that it is revoked.
    let other = try Vectors.key("p256").fingerprint
    #expect(
      try check(trust(revoked: "\"\(other)\""), signature: "p256").refusal
        == .revoked(place: "policy.json:6"))
  }

  @Test func aSerialGoesUp() throws {
    let own = try JSON(parsing: Vectors.content).canonicalSHA256
    let another = SHA256Digest(of: [])
    func refusal(_ highest: HighestSerial) throws -> SignatureCheck.Refusal? {
      try check(trust(), highest: highest).refusal
    }
    #expect(try refusal(HighestSerial(6, another)) == nil)
    #expect(try refusal(HighestSerial(7, another)) == .reused(7))
    #expect(try refusal(HighestSerial(7, own)) == .superseded(7))
    #expect(try refusal(HighestSerial(8, own)) == .older(7, than: 8))
  }

  @Test(
    .enabled(if: SigningKey.isAvailable),
    arguments: [
      ("", SignatureCheck.Refusal?.some(.noSerial)),
      (#", "mcpolicyd": {}"#, .malformedSerial), (#", "mcpolicyd": 7"#, .malformedSerial),
      (#", "mcpolicyd": {"serial": 0}"#, .malformedSerial),
      (#", "mcpolicyd": {"serial": -1}"#, .malformedSerial),
      (#", "mcpolicyd": {"serial": "7"}"#, .malformedSerial),
      (#", "mcpolicyd": {"serial": 7.0}"#, .malformedSerial),
      (#", "mcpolicyd": {"serial": 7e0}"#, .malformedSerial),
      (#", "mcpolicyd": {"serial": 9007199254740992}"#, .malformedSerial),
      (#", "mcpolicyd": {"serial": 99999999999999999999}"#, .malformedSerial),
      (#", "mcpolicyd": {"serial": 7, "until": 8}"#, .malformedSerial),
      (#", "mcpolicyd": {"serial": 9007199254740991}"#, nil),
    ])
  func aSerialIsAWholeNumberOfItsOwn(_ member: String, _ wanted: SignatureCheck.Refusal?) throws {
    let root = TemporaryRoot()
    let key = SigningKey("ed25519", in: root)
    let content = "{\"mcpServers\": {}\(member)}"
    root.write("mcp.json", content)
    key.sign(root.at("mcp.json"))
    var trust = try trust()
    trust.signers[0].key = try SSHPublicKey(line: ByteString(key.line))
    let bytes = Array(content.utf8)
    let found = trust.check(
      bytes, try ConfigDocument(parsing: bytes),
      signature: Array(try #require(root.read("mcp.json.sig")).utf8), at: Self.now, highest: nil)
    #expect(found.refusal == wanted)
    #expect(wanted.map { !$0.isIncident } != true)
  }

  @Test(arguments: HardwareKeyTests.types) func aHardwareKeyIsTouched(_ type: SSHKeyType) throws {
    let key = HardwareKey(type)
    var trust = try trust()
    trust.signers[1].key = try SSHPublicKey(line: ByteString(key.line))
    let document = try ConfigDocument(parsing: Vectors.content)
    let wanted: [UInt8: SignatureCheck.Refusal?] = [0x01: nil, 0x00: .untouched]
    for (flags, wanted) in wanted {
      let signature = try key.signature(on: Vectors.content, flags: flags)
      let found = trust.check(
        Vectors.content, document, signature: signature, at: Self.now, highest: nil)
      #expect(found.refusal == wanted)
    }
  }

  /// Only what a deployment looks like between its two files is given time.
  @Test func onlyAPairThatDoesntFitMayBeHalfReplaced() {
    let half: [SignatureCheck.Refusal] = [.misfit, .unreadable(.malformed("cut"))]
    let whole: [SignatureCheck.Refusal] = [
      .unreadable(.unsupportedKey("ssh-rsa")), .untouched, .untrusted, .noSerial, .malformedSerial,
      .otherNamespace("file"), .reused(1),
      .older(1, than: 2), .revoked(place: "p:1"), .expired(Self.now, place: "p:1"),
      .notYetValid(Self.now, place: "p:1"), .superseded(1),
    ]
    #expect(half.allSatisfy { $0.mayBeHalfReplaced && $0.isIncident })
    #expect(whole.allSatisfy { !$0.mayBeHalfReplaced })
    #expect(whole.filter { !$0.isIncident } == [.superseded(1)])
    #expect((half + whole).allSatisfy { !$0.reason.isEmpty })
  }
}
