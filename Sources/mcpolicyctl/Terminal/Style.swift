import Glibc

/// Whether and how text is coloured.
struct Style {
  var isColoured: Bool

  enum Tint: String {
    case none = ""
    case good = "32"
    case mild = "36"
    case warning = "33"
    case bad = "31"
    case worst = "1;31"
    case faint = "2"
  }

  func paint(_ text: String, _ tint: Tint) -> String {
    isColoured && tint != .none ? "\u{1B}[\(tint.rawValue)m\(text)\u{1B}[0m" : text
  }

  static let plain = Style(isColoured: false)

  /// Colour for people who look at a terminal that has it and didn't decline (no-color.org).
  static func ofTerminal(_ descriptor: Int32) -> Style {
    func variable(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
    return Style(
      isColoured: isatty(descriptor) == 1 && variable("NO_COLOR").isEmpty
        && variable("TERM") != "dumb")
  }
}

extension Style.Tint {
  /// For a severity, a state, an action or a verdict.
  init(word: String) {
    switch word {
    case "critical", "failed", "overdue": self = .worst
    case "high", "drifted", "drift", "degraded", "unreachable": self = .bad
    case "medium", "held", "unprovisioned", "unreadable": self = .warning
    case "low", "reported": self = .mild
    case "ok", "compliant", "restored", "resolved": self = .good
    default: self = .none
    }
  }
}
