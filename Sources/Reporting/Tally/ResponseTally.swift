import Linux
import MCPConfig
import Policy

/// Who was told of incidents that nobody responded to in time, and the sums of those that someone
/// responded to. When each was, `SeenIncidents` keeps.
struct ResponseTally {
  /// Records that there was no room for.
  private(set) var lost = 0
  /// By incident and level, so that what is told again counts once.
  private var escalations: [UInt64: (incident: UInt64, level: ByteString)] = [:]

  /// Levels are few; so are incidents that nobody responds to, or the report's least trouble is its
  /// figures.
  private static let limit = 500_000

  /// What became of one class.
  struct Outcome {
    var answered = 0
    var inTime = 0
    var resolved = 0
    var times = TimeHistogram()
  }

  /// The first acknowledgement or resolution of an incident is the response to it.
  mutating func add(
    _ response: ResponseEntry, at time: WallTime, host: ByteString, period: ReportPeriod,
    to seen: inout SeenIncidents
  ) {
    guard let discovered = ReportName.discovered(response.incident) else { return }
    guard period.contains(discovered) else { return }
    let print = SeenIncidents.print(of: response.incident, at: host)
    let isKept = seen.respond(
      print, after: time.microseconds - discovered.microseconds,
      isResolved: response.step == .resolved)
    if !isKept { lost += 1 }
  }

  mutating func addOverdue(
    _ incident: ByteString, level: ByteString, host: ByteString, period: ReportPeriod
  ) {
    guard let discovered = ReportName.discovered(incident), period.contains(discovered) else {
      return
    }
    let print = SeenIncidents.print(of: incident, at: host)
    let both = SeenIncidents.print(of: incident, at: ByteString(level.bytes + [0] + host.bytes))
    guard escalations.count < Self.limit || escalations[both] != nil else {
      lost += 1
      return
    }
    escalations[both] = (print, level)
  }

  /// Escalations by level, for the incidents that the report counts.
  func overdue(_ seen: SeenIncidents) -> BoundedCounts {
    var counts = BoundedCounts(limit: 100)
    for escalation in escalations.values where seen.severity(escalation.incident) != nil {
      counts.add(escalation.level, .low, 1)
    }
    return counts
  }

  /// By class, for the incidents that the report counts.
  static func outcomes(_ seen: SeenIncidents) -> [Severity: Outcome] {
    var outcomes: [Severity: Outcome] = [:]
    for severity in Severity.allCases { outcomes[severity] = Outcome() }
    seen.forEachResponse { severity, microseconds, isResolved in
      let isInTime = microseconds <= Int64(severity.respondWithinMinutes) * 60_000_000
      outcomes[severity]?.answered += 1
      if isResolved { outcomes[severity]?.resolved += 1 }
      if isInTime { outcomes[severity]?.inTime += 1 }
      outcomes[severity]?.times.record(Int(microseconds))
    }
    return outcomes
  }
}
