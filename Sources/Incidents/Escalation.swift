import Linux
import Policy

/// Who is to know of an incident that nobody responded to in time: the guide's matrix.
public enum Escalation: String, CaseIterable, Comparable, Sendable {
  case teamLead = "team-lead"
  case securityTeam = "security-team"
  case ciso
  case regulator

  /// Minutes since the discovery from which on it is theirs to know.
  var fromMinutes: Int {
    switch self {
    case .teamLead: 15
    case .securityTeam: 30
    case .ciso: 60
    case .regulator: 24 * 60
    }
  }

  public static func < (left: Escalation, right: Escalation) -> Bool {
    left.fromMinutes < right.fromMinutes
  }

  /// The level that an incident which is overdue has reached: by the time since its discovery, and not
  /// past what its severity is worth.
  static func level(of severity: Severity, after minutes: Int) -> Escalation {
    let reached = allCases.last { $0.fromMinutes <= minutes } ?? .teamLead
    return min(reached, severity.highestEscalation)
  }
}

extension Severity {
  /// A regulator isn't told of a file that was missing, nor a CISO of its mode.
  var highestEscalation: Escalation {
    switch self {
    case .critical, .high: .regulator
    case .medium: .ciso
    case .low: .securityTeam
    }
  }
}
