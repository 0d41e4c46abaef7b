/// Metrics as text. Pure.
public enum Exposition {
  /// OpenMetrics 1.0.
  public static func openMetrics(_ families: [MetricFamily]) -> String {
    var text = ""
    for family in families where !family.samples.isEmpty {
      text += "# TYPE \(family.name) \(family.kind.openMetricsName)\n"
      if let unit = family.unit { text += "# UNIT \(family.name) \(unit)\n" }
      text += "# HELP \(family.name) \(escapedText(family.help))\n"
      append(family, to: &text)
    }
    return text + "# EOF\n"
  }

  /// The text format of Prometheus, which node_exporter reads from files: it has no units and no
  /// facts, and a counter's name is its sample's.
  public static func prometheusText(_ families: [MetricFamily]) -> String {
    var text = ""
    for family in families where !family.samples.isEmpty {
      let name = family.name + family.kind.textSuffix
      text += "# HELP \(name) \(escapedHelp(family.help))\n"
      text += "# TYPE \(name) \(family.kind.textName)\n"
      append(family, to: &text)
    }
    return text
  }

  private static func append(_ family: MetricFamily, to text: inout String) {
    for sample in family.samples {
      text += family.name + sample.suffix
      if !sample.labels.isEmpty {
        let labels = sample.labels.map { "\($0.name)=\"\(escapedText($0.value))\"" }
        text += "{\(labels.joined(separator: ","))}"
      }
      text += " \(self.text(sample.value))\n"
    }
  }

  // MARK: Pieces

  static func text(_ number: MetricFamily.Number) -> String {
    switch number {
    case .whole(let whole): String(whole)
    case .real(let real): text(real)
    }
  }

  static func text(_ real: Double) -> String {
    if real.isNaN { return "NaN" }
    if real.isInfinite { return real < 0 ? "-Inf" : "+Inf" }
    return "\(real)"
  }

  /// Inside quotes, and in OpenMetrics' help.
  static func escapedText(_ text: String) -> String {
    escaped(text, quotes: true)
  }

  /// Prometheus' text format knows no escaped quote in a help.
  static func escapedHelp(_ text: String) -> String {
    escaped(text, quotes: false)
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quotes: escaped += "\\\""
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

extension MetricFamily.Kind {
  fileprivate var openMetricsName: String {
    switch self {
    case .counter: "counter"
    case .gauge: "gauge"
    case .histogram: "histogram"
    case .info: "info"
    }
  }

  fileprivate var textName: String {
    switch self {
    case .counter: "counter"
    case .gauge, .info: "gauge"
    case .histogram: "histogram"
    }
  }

  fileprivate var textSuffix: String {
    switch self {
    case .counter: "_total"
    case .info: "_info"
    case .gauge, .histogram: ""
    }
  }
}
