import ArgumentParser
import Control
import MCPConfig

struct Metrics: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "How the daemon does, in numbers, as OpenMetrics.",
    discussion: """
      The policy's metrics_file has the daemon write them to a file for node_exporter, in Prometheus' \
      text format.
      """)

  @OptionGroup var options: CommonOptions

  @Option(
    help: ArgumentHelp(
      "openmetrics, or prometheus for Prometheus' text format.", valueName: "format"))
  var format = Format.openmetrics

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case openmetrics, prometheus
  }

  func execute(on console: Console) throws -> Outcome {
    let reply = try options.ask(.metrics, [("format", .text(format.rawValue))])
    if options.json {
      console.print(reply)
    } else {
      console.write(.output, reply["text"]?.string?.bytes ?? [])
    }
    return .fine
  }
}
