import Control
import Incidents
import Linux
import MCPConfig
import Metrics

/// How the daemon does, in numbers.
extension Daemon {
  func metrics(_ call: ControlCall, _ format: MetricsFormat) {
    call.responder.reply([
      "content_type": .text(format.contentType), "text": .text(metricsText(format)),
    ])
  }

  /// Called on every turn of the loop.
  func workOnMetrics(now: MonotonicTime) {
    metricsOutput.work(now: now) { metricsText(.prometheus) }
  }

  private func metricsText(_ format: MetricsFormat) -> String {
    let families =
      ownFamilies + targetFamilies + restoreFamilies + incidentFamilies + queueFamilies
    return switch format {
    case .openMetrics: Exposition.openMetrics(families)
    case .prometheus: Exposition.prometheusText(families)
    }
  }
}
