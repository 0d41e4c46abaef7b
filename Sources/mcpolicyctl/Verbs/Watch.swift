import ArgumentParser
import Control
import Glibc
import MCPConfig

struct Watch: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "Incidents as they happen, and responses to them, one a line, until Ctrl-C.",
    discussion: """
      With --notify, incidents of your own targets are told on your desktop instead, each cause at \
      most once an hour; it waits for a daemon that isn't there. mcpolicyd-notify.service runs it in \
      each desktop session. MCPOLICY_NOTIFY=off in the environment switches it off.
      """)

  @OptionGroup var options: CommonOptions

  @Flag(help: "Tell on the desktop, by your session bus.")
  var notify = false

  func validate() throws {
    if notify, options.json { throw ValidationError("--notify prints nothing, so no --json") }
  }

  func execute(on console: Console) throws -> Outcome {
    // Ctrl-C is how one ends it, and so no failure.
    signal(SIGINT) { _ in _exit(Outcome.fine.rawValue) }
    if notify {
      signal(SIGTERM) { _ in _exit(Outcome.fine.rawValue) }
      return Notifier.isOff ? .fine : try Notifier(options, console).run()
    }
    do {
      try ControlClient(path: options.socketPath).stream(.watchIncidents) { reply in
        let subject = [reply["incident"], reply["step"]].compactMap { $0 }
        for told in subject where told.members != nil {
          if options.json {
            console.write(.output, JSONOutput.line(told))
          } else if told["step"] != nil {
            console.print(IncidentLifeText.line(told, console.style))
          } else {
            console.print(IncidentText.line(told, console.style))
          }
        }
        return true
      }
    } catch {
      throw Failure(error)
    }
    throw Failure(.notReachable, "the daemon ended the watch")
  }
}
