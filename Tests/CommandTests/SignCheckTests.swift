import MCPConfig
import Support
import Testing

@testable import mcpolicyctl

/// `approve --sign-check`: what a signature is worth, without a daemon.
@Suite(.enabled(if: SigningKey.isAvailable)) struct SignCheckTests {
  private let bench = Bench()
  private let root = TemporaryRoot()
  private let key: SigningKey

  init() {
    key = SigningKey("ed25519", in: root)
    root.makeFolder("etc/mcpolicyd")
    setPolicy()
    root.write("etc/mcpolicyd/mcp.json", Self.content(7))
    key.sign(root.at("etc/mcpolicyd/mcp.json"))
  }

  private static func content(_ serial: Int) -> String {
    #"{"mcpServers": {}, "mcpolicyd": {"serial": \#(serial)}}"#
  }

  private func setPolicy(_ signer: String = "", more: String = "") {
    let trust = #"{"principal": "al\u001bice", "key": "\#(key.line)"\#(signer)}"#
    root.write(
      "etc/mcpolicyd/policy.json",
      RunningDaemon.policy(
        approved: #"{"file": "/etc/mcpolicyd/mcp.json", "trust": [\#(trust)]\#(more)}"#))
  }

  private func run(_ more: String...) -> Outcome {
    let file = root.at("etc/mcpolicyd/mcp.json")
    return bench.run(["approve", "--sign-check", file, "--root", root.path] + more)
  }

  /// As the daemon stores it.
  private func setBaseline(serial: Int, canonical: SHA256Digest) {
    root.makeFolder("var/lib/mcpolicyd/baseline")
    root.write(
      "var/lib/mcpolicyd/baseline/3.json",
      #"{"version": 1, "canonical_sha256": "\#(canonical)", "highest_serial": \#(serial), "highest_serial_sha256": "\#(canonical)"}"#
    )
  }

  @Test func aValidOne() throws {
    setBaseline(serial: 6, canonical: SHA256Digest(of: []))
    setPolicy(#", "valid_after": "2026-01-01", "valid_before": "2027-01-01""#)
    #expect(run() == .fine)
    let lines = bench.output.split(separator: "\n")
    #expect(lines.first?.hasSuffix("mcp.json.sig: valid") == true)
    #expect(lines[1].hasPrefix("  key        ssh-ed25519 SHA256:"))
    #expect(lines[2].hasPrefix("  principal  al\\u{1b}ice ("))
    #expect(lines[2].hasSuffix("etc/mcpolicyd/policy.json:4)"))
    #expect(lines[3] == "  valid      from 2026-01-01T00:00:00Z before 2027-01-01T00:00:00Z")
    #expect(lines[4] == "  serial     7; the newest on this host is 6")
    #expect(run("--json") == .fine)
    let json = try bench.json()
    #expect(json["valid"]?.bool == true)
    #expect(json["principal"]?.string == "al\u{1b}ice")
    #expect(json["serial"]?.integer == 7)
    #expect(json["highest_serial"]?.integer == 6)
    #expect(json["serial_compared"]?.bool == true)
    #expect(json["reason"]?.string == nil)
    #expect(json["key_type"]?.string == "ssh-ed25519")
  }

  @Test func withoutABaselineNothingIsCompared() throws {
    #expect(run() == .fine)
    #expect(bench.output.contains("  serial     7; not compared: there is no baseline here\n"))
    #expect(run("--json") == .fine)
    #expect(try bench.json()["serial_compared"]?.bool == false)
  }

  @Test func whyNot() throws {
    let own = try JSON(parsing: Array(Self.content(7).utf8)).canonicalSHA256
    func expect(_ reason: String) throws {
      #expect(run() == .findings)
      #expect(bench.output.contains("mcp.json.sig: refused: "), "\(bench.output)")
      #expect(bench.output.contains(reason), "\(bench.output)")
      #expect(run("--json") == .findings)
      let json = try bench.json()
      #expect(json["valid"]?.bool == false)
      #expect(json["reason"]?.string?.text.contains(reason) == true)
    }
    setPolicy(#", "valid_before": "2026-01-31T09:33:00Z""#)
    try expect("valid before 2026-01-31T09:33:00Z only")
    setPolicy(more: #", "revoked": ["\#(key.line)"]"#)
    try expect("its key is revoked")
    setPolicy(more: #", "sha256": "\#(SHA256Digest(of: []))""#)
    try expect("isn't what the policy pins")
    setPolicy()
    setBaseline(serial: 8, canonical: SHA256Digest(of: []))
    try expect("its serial 7 is older than 8")
    // What is in force is older than nothing.
    setBaseline(serial: 7, canonical: own)
    #expect(run() == .fine)
    root.write("etc/mcpolicyd/mcp.json", Self.content(9))
    try expect("it wasn't made for this file")
    #expect(run() == .findings)
    #expect(bench.output.contains("(as it claims)"))
  }

  @Test func whatIsMissingIsSaid() {
    root.remove("etc/mcpolicyd/mcp.json.sig")
    #expect(run() == .badInput)
    #expect(bench.errors.contains("mcp.json.sig: No such file"))
    root.write("etc/mcpolicyd/policy.json", RunningDaemon.policy())
    #expect(run() == .badInput)
    #expect(bench.errors.contains("trusts no signatures"))
    #expect(run("--policy", root.at("nowhere.json")) == .badInput)
    #expect(bench.run("approve", "--policy", "p", root.at("etc/mcpolicyd/mcp.json")) == .badInput)
    #expect(bench.errors.contains("--policy goes with --sign-check"))
  }
}
