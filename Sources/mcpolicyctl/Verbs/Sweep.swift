import ArgumentParser
import Control
import MCPConfig

struct Sweep: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks all targets now, without waiting for an event.",
    discussion: "Exit status 1: drift is left that wasn't to be restored, as in observe.")

  @OptionGroup var options: CommonOptions

  func execute(on console: Console) throws -> Outcome {
    let reply = try options.ask(.sweep, patience: CommonOptions.rolloutPatience)
    if options.json { console.print(reply) } else { console.print(SweepText.text(reply)) }
    return SweepText.status(reply)
  }
}

enum SweepText {
  static func text(_ reply: JSON) -> String {
    let duration = reply.number("duration_usec").map { " in \(Moment.duration($0))" } ?? ""
    return "\(reply.amount("checked")) targets checked\(duration): "
      + "\(reply.amount("drifted")) drifted, \(reply.amount("restored")) restored, "
      + "\(reply.amount("failed")) failed"
  }

  static func status(_ reply: JSON) -> Outcome {
    if reply.number("failed") ?? 0 > 0 { return .failed }
    return reply.number("drifted") ?? 0 > reply.number("restored") ?? 0 ? .findings : .fine
  }
}
