import Control
import MCPConfig
import Testing

@testable import mcpolicyctl

/// Responding to incidents, and metrics, against a daemon that answers by a real socket.
@Suite(.serialized, .timeLimit(.minutes(1))) struct RespondTests {
  private let daemon: DaemonThread
  private let bench = Bench()

  init() throws { daemon = try DaemonThread() }

  private func run(_ arguments: String...) -> Outcome {
    bench.run(arguments + ["--socket", daemon.socket])
  }

  @Test func byIDs() throws {
    #expect(run("ack", "1-2", "1-3") == .fine)
    #expect(bench.output == "2 incidents acknowledged\n")
    #expect(run("resolve", "1-1", "1-2", "--note", "a mistake") == .fine)
    #expect(bench.output == "1 incident resolved; was so already: 1-1\n")
    #expect(run("ack", "1-2", "--json") == .fine)
    #expect(try bench.json().list("changed").map { $0.string?.text } == ["1-2"])
  }

  /// What one call leaves is asked for again, until nothing is left.
  @Test func byAFilter() throws {
    #expect(run("ack", "--all", "--user", "alice", "--kind", "server-drift") == .fine)
    #expect(bench.output == "3 incidents acknowledged\n")
  }

  @Test func whatCouldNotBeStoredIsSaid() {
    #expect(run("ack", "1-2", "--note", "full") == .failed)
    #expect(bench.output == "1 incident acknowledged\n")
    #expect(bench.errors.contains("could not be stored: write: No space left on device"))
  }

  @Test(arguments: [
    ["ack"], ["ack", "1-1", "--all"], ["ack", "1-1", "--user", "alice"],
    ["ack", "1-1", "--kind", "server-drift"], ["resolve", "1-1"], ["resolve", "--note", "n"],
    ["metrics", "--format", "xml"],
    ["ack"] + [String](repeating: "1-1", count: 257),
  ])
  func badUsage(_ arguments: [String]) {
    #expect(bench.run(arguments + ["--socket", "/nonexistent"]) == .badInput)
    #expect(!bench.errors.isEmpty && bench.output.isEmpty)
  }

  @Test func metrics() throws {
    #expect(run("metrics") == .fine)
    #expect(bench.output == "# openmetrics\n")
    #expect(run("metrics", "--format", "prometheus") == .fine)
    #expect(bench.output == "# prometheus\n")
    #expect(run("metrics", "--json") == .fine)
    #expect(
      try bench.json()["content_type"]?.string?.text.hasPrefix("application/openmetrics-text;")
        == true)
  }

  @Test func withoutTheDaemonExitIs3() {
    for arguments in [["ack", "1-1"], ["resolve", "1-1", "--note", "n"], ["metrics"]] {
      #expect(bench.run(arguments + ["--socket", "/nonexistent"]) == .notReachable)
    }
  }
}
