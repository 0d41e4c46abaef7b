import ArgumentParser
import Control

struct Status: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "How the daemon is.",
    discussion: """
      With --watch, the status and the newest incidents stay on the terminal and follow its size, \
      until Ctrl-C; where there is no terminal, each change is one more report.
      """)

  @OptionGroup var options: CommonOptions

  @Flag(help: "Stay, and show each change.")
  var watch = false

  func execute(on console: Console) throws -> Outcome {
    if watch { return try LiveStatus(options: options, console: console).run() }
    let reply = try options.ask(.status)
    if options.json {
      console.print(reply)
    } else {
      console.print(StatusText.text(reply, console.style, now: console.now))
    }
    return .fine
  }
}
