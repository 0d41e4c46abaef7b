import Glibc
import MCPConfig
import Testing

@testable import mcpolicyctl

@Suite struct ExplainTests {
  private let desk: Desk
  private var bench: Bench { desk.bench }

  init() throws { desk = try Desk() }

  private var lines: [Substring] { bench.output.split(separator: "\n") }

  @Test func compliant() throws {
    #expect(try desk.run("explain", Desk.approvedText) == .fine)
    #expect(lines.contains("JSON       strict, as every client reads it"))
    #expect(lines.contains("server     3:5 git: allowed by \(desk.policy):4"))
    #expect(lines.contains { $0.hasPrefix("bytes      SHA-256 ") && $0.hasSuffix("as approved") })
    #expect(lines.suffix(2) == ["verdict    compliant", "next       nothing to do"])
  }

  @Test func stepsStandInTheirOrder() throws {
    let text = desk.text(#""/usr/bin/uvx""#, #""sh""#)
    #expect(try desk.run("explain", text) == .findings)
    let steps = lines.compactMap { $0.first == " " ? nil : $0.split(separator: " ").first }
    #expect(
      steps.dropFirst() == [
        "on", "bytes", "JSON", "approved", "canonical", "server", "server", "verdict", "next",
      ])
    #expect(bench.output.contains("\n  - command: \"/usr/bin/uvx\"\n  + command: \"sh\"\n"))
    #expect(lines.contains("verdict    drift, 1 finding"))
    #expect(lines.contains { $0.hasPrefix("  4:7 high server-drift git command: ") })
  }

  @Test func whatIsToleratedIsSaidSo() throws {
    let text = desk.text(#""log", "diff""#, #""log""#)
    #expect(try desk.run("explain", text) == .fine)
    #expect(lines.contains("  autoApprove differs, tolerated"))
    #expect(try desk.run("explain", text, "--json") == .fine)
    let server = try #require(try bench.json().list("servers").first)
    #expect(server["decision"]?.string == "allowed")
    #expect(server.list("differences").map { $0["tolerated"]?.bool } == [true])
    #expect(try desk.run("explain", Desk.approvedText + "\n") == .fine)
    #expect(lines.contains("tolerated  formatting: the same meaning in other bytes"))
  }

  @Test func whoMayHaveWhat() throws {
    let text = #"{"mcpServers":{"web-search":{"url":"https://a.example"},"x":{"url":""}}}"#
    #expect(try desk.run("explain", text) == .findings)
    #expect(
      lines.contains("server     1:16 web-search: prohibited for everyone by \(desk.policy):6"))
    #expect(
      lines.contains("server     1:57 x: denied by default: no whitelist entry names it"))
    #expect(lines.contains("server     git: approved, missing"))
    #expect(try desk.run("explain", text, "--json") == .findings)
    #expect(
      try bench.json().list("servers").map { $0["rule"]?.string?.text }
        == ["\(desk.policy):6", "default"])
    #expect(try bench.json().list("missing").count == 2)
  }

  @Test func whatDoesntParseIsToldWithItsPlace() throws {
    #expect(try desk.run("explain", "{\n  x") == .findings)
    #expect(lines.contains { $0.hasPrefix("JSON       2:3: ") })
    #expect(!bench.output.contains("canonical"))
    #expect(lines.contains("verdict    unreadable, 1 finding"))
    #expect(try desk.run("explain", Desk.approvedText + "// c") == .findings)
    #expect(lines.contains { $0.hasSuffix("its command line doesn't") })
    #expect(try desk.run("explain", Desk.approvedText + "// c", "--json") == .findings)
    #expect(try bench.json()["dialect"]?.string == "comments")
  }

  @Test func howToAskIsSaid() throws {
    let text = #"{"mcpServers":{"web-search":{"url":""},"x y":{"url":""}}}"#
    #expect(try desk.run("explain", text) == .findings)
    #expect(
      lines.last
        == "next       to be given x y: mcpolicyctl request 'x y' --reason \"why you need it\"")
    #expect(!bench.output.contains("request web-search"), "nobody may have it")
    #expect(try desk.run("explain", text, "--json") == .findings)
    #expect(try bench.json().list("requests").count == 1)
  }

  @Test func observeIsSaid() throws {
    let desk = try Desk(mode: "observe")
    #expect(try desk.run("explain", "{}") == .findings)
    #expect(desk.bench.output.contains("mcpolicyd only reports this"))
  }

  @Test func noSymlinkIsFollowedAndNothingWaitedFor() throws {
    let link = desk.folder.path + "/link.json"
    #expect(symlink(desk.approved, link) == 0)
    #expect(bench.run("explain", "--policy", desk.policy, link) == .findings)
    #expect(bench.output.contains("path-replaced"))
    #expect(!bench.output.contains("canonical"))
    let pipe = desk.folder.path + "/pipe.json"
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(bench.run("explain", "--policy", desk.policy, pipe) == .findings)
    #expect(bench.output.contains("FIFO"))
    #expect(bench.run("explain", "--policy", desk.policy, desk.folder.path) == .findings)
    #expect(bench.output.contains("directory"))
  }

  @Test func theApprovedSymlinkIsFine() throws {
    let desk = try Desk(access: "link")
    let link = desk.folder.path + "/link.json"
    #expect(symlink("/etc/kiro/mcp.json", link) == 0)
    #expect(desk.bench.run("explain", "--policy", desk.policy, link) == .fine)
  }

  @Test(arguments: ["i-1", "/nonexistent/mcp.json", ""])
  func whatIsNoFileIsBadInput(_ argument: String) {
    #expect(bench.run("explain", "--policy", desk.policy, "--", argument) == .badInput)
    #expect(bench.errors.contains("explain takes a file"))
    #expect(bench.output == "")
  }
}
