import Linux
import MCPConfig
import Policy

/// When someone responded to incidents: the first acknowledgement or resolution of each.
struct ResponseTally {
  /// By the incident's fingerprint; a record may come before that of its incident.
  private var answers: [UInt64: Answer] = [:]
  /// Acknowledgements and resolutions that there was no room for.
  private(set) var lost = 0
  /// By incident and level, so that what is told again counts once.
  private var escalations: [UInt64: (incident: UInt64, level: ByteString)] = [:]

  private struct Answer {
    var at: WallTime
    var discovered: WallTime
    var isResolved: Bool
  }

  /// People do it, or their scripts.
  private static let limit = 500_000

  /// What became of one class.
  struct Outcome {
    var answered = 0
    var inTime = 0
    var resolved = 0
    var times = TimeHistogram()
  }

  mutating func add(_ response: ResponseEntry, at time: WallTime, host: ByteString) {
    guard let discovered = ReportName.discovered(response.incident) else { return }
    let print = SeenIncidents.print(of: response.incident, at: host)
    let isResolved = response.step == .resolved
    guard var answer = answers[print] else {
      guard answers.count < Self.limit else {
        lost += 1
        return
      }
      answers[print] = Answer(at: time, discovered: discovered, isResolved: isResolved)
      return
    }
    answer.at = min(answer.at, time)
    answer.isResolved = answer.isResolved || isResolved
    answers[print] = answer
  }

  mutating func addOverdue(_ incident: ByteString, level: ByteString, host: ByteString) {
    let print = SeenIncidents.print(of: incident, at: host)
    let both = SeenIncidents.print(of: incident, at: ByteString(level.bytes + [0] + host.bytes))
    guard escalations.count < Self.limit || escalations[both] != nil else {
      lost += 1
      return
    }
    escalations[both] = (print, level)
  }

  /// Whether anything of the life of incidents was recorded.
  var isRecorded: Bool { !answers.isEmpty || !escalations.isEmpty }

  /// Escalations by level, for the incidents that the report counts.
  func overdue(_ seen: SeenIncidents) -> BoundedCounts {
    var counts = BoundedCounts(limit: 100)
    for escalation in escalations.values where seen.severity(escalation.incident) != nil {
      counts.add(escalation.level, .low, 1)
    }
    return counts
  }

  /// By class, for the incidents that the report counts.
  func outcomes(_ seen: SeenIncidents) -> [Severity: Outcome] {
    var outcomes: [Severity: Outcome] = [:]
    for (print, answer) in answers {
      guard let severity = seen.severity(print) else { continue }
      var outcome = outcomes[severity] ?? Outcome()
      outcome.answered += 1
      if answer.isResolved { outcome.resolved += 1 }
      let limit = answer.discovered.advanced(byMinutes: severity.respondWithinMinutes)
      if answer.at <= limit { outcome.inTime += 1 }
      outcome.times.record(Int(answer.at.microseconds - answer.discovered.microseconds))
      outcomes[severity] = outcome
    }
    return outcomes
  }
}
