import Control
import Testing

@testable import mcpolicyctl

@Suite struct UsageTests {
  private let bench = Bench()

  @Test(arguments: [
    ["nothing"], ["digest"], ["check"], ["approve"], ["status", "--nothing"], ["status", "extra"],
    ["incidents", "--limit", "many"], ["incidents", "--limit=-1"], ["status", "--socket"],
    ["incidents", "--limit", "0"], ["baseline", "list", "--limit", "0"],
    ["ledger", "verify", "--ledger", ""], ["ledger", "head", "--ledger", ""],
    ["report", "--ledger", ""], ["report", "--journal", ""], ["report", "--output", ""],
  ])
  func mistakes(_ arguments: [String]) {
    #expect(bench.run(arguments) == .badInput)
    #expect(bench.output == "")
    #expect(bench.errors.hasPrefix("mcpolicyctl: "))
    #expect(!bench.errors.contains("Error:"))
  }

  /// A misspelled word is no filter that nothing passes.
  @Test(arguments: [
    ["incidents", "--kind", "server-drif"], ["ack", "--all", "--kind", "server-drif"],
    ["resolve", "--all", "--note", "n", "--kind", "server-drif"],
  ])
  func anUnknownKindIsToldWithThoseThereAre(_ arguments: [String]) {
    #expect(bench.run(arguments) == .badInput)
    #expect(bench.errors.contains("credential-exposure") && bench.errors.contains("server-drift"))
  }

  @Test(arguments: [
    ["--help"], ["help"], ["help", "status"], ["status", "--help"], ["--version"],
  ])
  func helpIsNoMistake(_ arguments: [String]) {
    #expect(bench.run(arguments) == .fine)
    #expect(bench.output != "")
    #expect(bench.errors == "")
  }

  @Test(arguments: [
    "status", "targets", "incidents", "watch", "check", "explain", "diff", "digest", "approve",
    "sweep", "reload", "report",
  ])
  func everyVerbHasTheCommonOptions(_ verb: String) {
    #expect(bench.run(verb, "--help") == .fine)
    for option in ["--json", "--root", "--socket"] { #expect(bench.output.contains(option)) }
  }

  @Test func errorsHaveTheirStatus() {
    #expect(Failure(ClientError.notReachable("x")).status == .notReachable)
    #expect(Failure(ClientError.notAllowed(verb: "Sweep", needs: "root")).status == .notAllowed)
    #expect(Failure(ClientError.invalid(Complaint("x"))).status == .badInput)
    #expect(Failure(ClientError.unprovisioned).status == .failed)
    #expect(Failure(ClientError.failed("x")).status == .failed)
  }

  @Test func statusNumbersAreTheContract() {
    let statuses: [Outcome] = [.fine, .findings, .badInput, .notReachable, .notAllowed, .failed]
    #expect(statuses.map(\.rawValue) == [0, 1, 2, 3, 4, 5])
  }
}
