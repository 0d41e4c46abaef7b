import MCPConfig
import Policy
import Signatures
import Testing

/// `approved.trust` and what belongs to it, with the place of each error marked by `‸`.
@Suite struct TrustPolicyTests {
  private static let key = Vectors.line("ed25519").text
  private static let other = Vectors.line("p521").text

  private func text(_ approved: String) -> String {
    """
    {"version": 1, "whitelist": [],
     "targets": [{"name": "n", "path": "~/.m", "client": "kiro"}],
     "approved": {"file": "/a/b", \(approved)}}
    """
    .replacing("KEY", with: Self.key).replacing("OTHER", with: Self.other)
  }

  @Test func everythingSaid() throws {
    let text = text(
      #""signed_only": true, "trust": ["# + "\n"
        + #"{"principal": "a", "key": "KEY", "valid_after": "2026-01-31", "valid_before": "2026-01-31T00:00:01Z"},"#
        + "\n"
        + #"{"principal": "a", "key": "OTHER"}], "revoked": ["SHA256:\#(String(repeating: "A", count: 43))", "OTHER"]"#
    )
    let trust = try #require(try Policy(parsing: Array(text.utf8), file: "p").trust)
    #expect(trust.signedOnly)
    #expect(trust.signers.map(\.principal) == ["a", "a"])
    #expect(trust.signers.map(\.key) == [try Vectors.key("ed25519"), try Vectors.key("p521")])
    #expect(trust.signers.map(\.place) == ["p:4", "p:5"])
    #expect(trust.signers[0].validAfter == Timestamp("2026-01-31T00:00:00Z"))
    #expect(trust.signers[1].validBefore == nil)
    #expect(
      trust.revoked.map(\.fingerprint) == [
        "SHA256:" + String(repeating: "A", count: 43), try Vectors.key("p521").fingerprint,
      ])
  }

  @Test func withoutItSignaturesCountForNothing() throws {
    let bare = text(#""sha256": "\#(SHA256Digest(of: []))""#)
    #expect(try Policy(parsing: Array(bare.utf8), file: "p").trust == nil)
  }

  @Test(arguments: [
    (#""trust": ‸{}"#, "approved.trust must be an array"),
    (#""trust": ‸[]"#, "approved.trust names no key"),
    (#""trust": [‸"KEY"]"#, "a trusted key must be an object"),
    (#""trust": [‸{"principal": "a"}]"#, "\"key\" is missing"),
    (#""trust": [‸{"key": "KEY"}]"#, "\"principal\" is missing"),
    (#""trust": [{"principal": ‸"", "key": "KEY"}]"#, "isn't empty"),
    (#""trust": [{"principal": "a", "key": "KEY", ‸"namespaces": "x"}]"#, "no key \"namespaces\""),
    (#""trust": [{"principal": "a", "key": ‸7}]"#, "must be a string"),
    (#""trust": [{"principal": "a", "key": ‸"AAAA"}]"#, "as in a .pub file"),
    (#""trust": [{"principal": "a", "key": ‸"ssh-rsa AAAA"}]"#, "\"ssh-rsa\" aren't verified"),
    (#""trust": [{"principal": "a", "key": ‸"ssh-ed25519 AAAA"}]"#, "cut off"),
    (#""trust": [{"principal": "a", "key": "KEY"}, ‸{"principal": "b", "key": "KEY"}]"#, "twice"),
    (#""trust": [{"principal": "a", "key": "KEY", "valid_after": ‸"20260131"}]"#, "a day such as"),
    (#""trust": [{"principal": "a", "key": "KEY", "valid_after": ‸20260131}]"#, "a day such as"),
    (#""trust": [{"principal": "a", "key": "KEY", "valid_before": ‸"2026-02-29"}]"#, "a day"),
    (
      #""trust": [{"principal": "a", "key": "KEY", "valid_after": "2026-02-01", "valid_before": ‸"2026-02-01"}]"#,
      "never valid"
    ),
    (#""trust": [], "revoked": ‸"KEY""#, "approved.revoked must be an array"),
    (#""trust": [], "revoked": [‸"SHA256:AAAA"]"#, "its fingerprint"),
    (#""trust": [], "revoked": ["KEY", ‸"KEY again"]"#, "stands twice"),
    (#""trust": [], "signed_only": ‸"yes""#, "must be a boolean"),
    (#""revoked": ‸[]"#, "approved.revoked needs approved.trust"),
    (#""signed_only": ‸false"#, "approved.signed_only needs approved.trust"),
  ])
  func errorsHaveTheirPlace(_ approved: String, _ reason: String) {
    let marked = text(approved)
    let before = marked.prefix { $0 != "‸" }
    let place = Position(of: before.utf8.count, in: Array(marked.utf8))
    #expect {
      try Policy(parsing: Array(marked.replacing("‸", with: "").utf8), file: "p")
    } throws: { error in
      let error = error as? PolicyError
      #expect(error?.position == place, "\(approved): \(String(describing: error))")
      return error?.message.contains(reason) == true
    }
  }
}

@Suite struct TimestampTests {
  @Test(arguments: [
    ("1970-01-01", 0), ("1970-01-01T00:00:01Z", 1), ("1972-02-29", 68_169_600),
    ("2000-03-01", 951_868_800), ("2026-01-31T09:30:00Z", 1_769_851_800),
    ("2100-03-01", 4_107_542_400), ("9999-12-31T23:59:59Z", 253_402_300_799),
  ])
  func daysAndTimes(_ text: String, _ seconds: Int64) throws {
    let time = try #require(Timestamp(text))
    #expect(time.seconds == seconds)
    #expect(time.description.hasPrefix(text))
    #expect(Timestamp(time.description) == time)
  }

  @Test func everyDayComesBack() throws {
    for day in stride(from: Int64(0), to: 160_000, by: 1) {
      let time = Timestamp(seconds: day * 86_400 + day % 86_400)
      guard Timestamp(time.description) == time else {
        Issue.record("\(time)")
        return
      }
    }
  }

  @Test(arguments: [
    "", "2026", "2026-1-31", "2026-13-01", "2026-00-01", "2026-01-00", "2026-01-32", "2025-02-29",
    "2100-02-29", "1969-12-31", "2026-01-31T24:00:00Z", "2026-01-31T09:60:00Z",
    "2026-01-31T09:30:60Z", "2026-01-31T09:30:00", "2026-01-31T09:30:00+", "2026-01-31 09:30:00Z",
    "2026-01-31T09:30:00z", "+026-01-31", "２026-01-31",
  ])
  func whatIsNone(_ text: String) {
    #expect(Timestamp(text) == nil)
  }
}
