import ArgumentParser
import Control
import Glibc

@main
struct Main {
  static func main() {
    exit(run(Array(CommandLine.arguments.dropFirst()), on: .standard).rawValue)
  }

  /// Runs one verb. ArgumentParser's own exit would be 64 for a usage error.
  static func run(_ arguments: [String], on console: Console) -> Outcome {
    do {
      var command = try Mcpolicyctl.parseAsRoot(arguments)
      if let verb = command as? any VerbCommand { return try verb.execute(on: console) }
      try command.run()
      return .fine
    } catch let failure as Failure {
      console.complain(failure.message)
      return failure.status
    } catch {
      let message = Mcpolicyctl.fullMessage(for: error)
      if Mcpolicyctl.exitCode(for: error) == .success {
        console.print(message)
        return .fine
      }
      let prefix = "Error: "
      console.complain(
        message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : message)
      return .badInput
    }
  }
}

struct Mcpolicyctl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mcpolicyctl",
    abstract: "Asks mcpolicyd about the MCP configurations it keeps, and approves new ones.",
    discussion: """
      Exit status: 0 fine, 1 findings, 2 usage or bad input, 3 daemon not reachable, \
      4 not allowed, 5 failed.
      """,
    version: ServiceInfo.mcpolicyd.version,
    subcommands: [
      Status.self, Targets.self, Incidents.self, Watch.self, Check.self, Explain.self,
      Diff.self, Digest.self, Approve.self, Baseline.self, Revoke.self, Reinstate.self,
      Revocations.self, Request.self, Requests.self, Grant.self, Grants.self, Sweep.self,
      Reload.self, Report.self, LedgerCommand.self, Doctor.self, Acknowledge.self, Resolve.self,
      Metrics.self,
    ])
}

/// One verb of the command line.
protocol VerbCommand: ParsableCommand {
  func execute(on console: Console) throws -> Outcome
}
