import ArgumentParser
import Control
import MCPConfig

struct Report: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "What observing found: what enforcing would have restored.",
    discussion: """
      For the time before "mode" goes to enforce. It tells of the drift that was reported since the \
      daemon's start, as far as the daemon still keeps it, and of the targets that don't hold the \
      approved copy now; the journal has every incident.
      """)

  @OptionGroup var options: CommonOptions

  @Flag(help: "What enforcing would have restored.")
  var would = false

  @Option(help: ArgumentHelp("Only this user's targets.", valueName: "name"))
  var user: String?

  func validate() throws {
    guard would else { throw ValidationError("say what to report: --would") }
  }

  func execute(on console: Console) throws -> Outcome {
    var parameters: [(String, JSON)] = [("limit", .int(Incidents.most))]
    if let user { parameters.append(("user", .text(user))) }
    let incidents = try options.ask(.listIncidents, parameters).list("incidents")
    let targets = try options.ask(.listTargets).list("targets").filter { target in
      user.map { target["user"]?.string == ByteString($0) } ?? true
    }
    let report = WouldReport(incidents: incidents, targets: targets)
    if options.json {
      console.print(report.json)
    } else {
      console.print(WouldReportText.text(report, console.style, now: console.now))
    }
    return .fine
  }
}
