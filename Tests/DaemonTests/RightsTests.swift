import Foundation
import MCPConfig
import Support
import Testing

/// The table of rights against the real daemon: what changes something is root's here, since a test
/// host has no groups of the product. `Tests/HostTests` has the groups.
@Suite(.serialized) struct RightsTests {
  private static let verbs: [(arguments: [String], mayUser: Bool)] = [
    (["status"], true), (["targets"], true), (["incidents"], true), (["grants"], true),
    (["requests"], true), (["request", "github", "--reason", "r"], true),
    (["baseline", "list"], false), (["baseline", "show"], false), (["revocations"], false),
    (["metrics"], false), (["sweep"], false), (["reload"], false),
    (["ack", "--all"], false), (["resolve", "--all", "--note", "n"], false),
    (["approve", "FILE", "--yes"], false),
    (["ledger", "show"], false),
    (["baseline", "rollback", "1", "--yes"], false), (["revoke", "github"], false),
    (["reinstate", "github"], false),
    (
      [
        "grant", "github", "--user", "alice", "--until", "8h", "--ticket", "T", "--reason", "r",
      ], false
    ),
    (["grants", "end", "1"], false), (["requests", "reject", "1", "--reason", "r"], false),
  ]

  /// All that is kept, but the request that a user may leave, and the record of it.
  private func stored(_ daemon: RunningDaemon) -> [String: String] {
    daemon.root.inventory("var/lib/mcpolicyd").filter {
      !["exceptions", "exceptions/requests.json", "ledger-mark"].contains($0.key)
        && !$0.key.hasPrefix("ledger/")
    }
  }

  @Test func whatAUserMayDo() throws {
    let daemon = RunningDaemon(homes: ["alice", "bob"])
    guard daemon.mayGiveFilesAway else { return }
    daemon.root.write(
      "etc/mcpolicyd/mcp.json",
      #"{"mcpServers": {"git": {"command": "uvx"}, "github": {"command": "gh-mcp"}}}"#)
    daemon.startApproved()
    let before = stored(daemon)
    let alice = RunningDaemon.uid(0)
    for (arguments, mayUser) in Self.verbs {
      let words = arguments.map { $0 == "FILE" ? daemon.root.at("etc/mcpolicyd/mcp.json") : $0 }
      let result = daemon.control(words, as: alice)
      #expect(result.status == (mayUser ? 0 : 4), "\(arguments): \(result.output)")
      #expect(mayUser || result.output.contains("not allowed: "), "\(arguments)")
    }
    #expect(stored(daemon) == before)
    #expect(
      daemon.audits().map { $0.value("CHANGE") } == ["baseline-approved", "server-requested"])
    // Root may do each of them.
    for (arguments, _) in Self.verbs where arguments[0] != "request" {
      let words = arguments.map { $0 == "FILE" ? daemon.root.at("etc/mcpolicyd/mcp.json") : $0 }
      let result = daemon.control(words)
      #expect(result.status == 0, "\(arguments): \(result.output)")
    }
  }
}
