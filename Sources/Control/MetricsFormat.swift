import MCPConfig

/// How metrics are written down.
public enum MetricsFormat: String, CaseIterable, Sendable {
  case openMetrics = "openmetrics"
  /// The text format of Prometheus, which node_exporter and promtool read.
  case prometheus

  public var contentType: String {
    switch self {
    case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
    case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
    }
  }
}

extension MetricsFormat {
  init(_ parameters: inout RequestParameters) throws(ControlError) {
    guard let word = try parameters.text("format") else {
      self = .openMetrics
      return
    }
    guard let format = Self.allCases.first(where: { ByteString($0.rawValue) == word }) else {
      throw .invalidParameter("format")
    }
    self = format
  }
}
