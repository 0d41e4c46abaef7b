import ArgumentParser
import Control
import Glibc
import MCPConfig

struct Watch: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "Incidents as they happen, one a line, until Ctrl-C.")

  @OptionGroup var options: CommonOptions

  func execute(on console: Console) throws -> Outcome {
    // Ctrl-C is how one ends it, and so no failure.
    signal(SIGINT) { _ in _exit(Outcome.fine.rawValue) }
    do {
      try ControlClient(path: options.socketPath).stream(.watchIncidents) { reply in
        guard let incident = reply["incident"] else { return true }
        if options.json {
          console.write(.output, JSONOutput.line(incident))
        } else {
          console.print(IncidentText.line(incident, console.style))
        }
        return true
      }
    } catch {
      throw Failure(error)
    }
    throw Failure(.notReachable, "the daemon ended the watch")
  }
}
