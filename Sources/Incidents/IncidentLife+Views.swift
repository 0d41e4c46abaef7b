import Linux
import MCPConfig
import Policy

/// Which incidents are meant, where nobody wants to write down their ids.
public struct LifeFilter: Hashable, Sendable {
  public var user: ByteString?
  public var kind: ByteString?

  public init(user: ByteString? = nil, kind: ByteString? = nil) {
    self.user = user
    self.kind = kind
  }

  func passes(_ incident: TrackedIncident) -> Bool {
    if let user, ByteString(incident.user ?? "") != user { return false }
    guard let kind else { return true }
    return incident.kinds.contains { ByteString($0.rawValue) == kind }
  }
}

/// How many incidents are in which state.
public struct LifeCounts: Sendable, Equatable {
  public var byState: [TrackedIncident.State: Int] = [:]
  /// Of the open ones.
  public var awaitingBySeverity: [Severity: Int] = [:]
  /// Of the open ones, those that are overdue.
  public var overdueByLevel: [Escalation: Int] = [:]

  public var awaiting: Int { byState[.open] ?? 0 }
  public var acknowledged: Int { byState[.acknowledged] ?? 0 }
  public var overdue: Int { overdueByLevel.values.reduce(0, +) }
}

extension IncidentLife {
  public func counts(at now: WallTime) -> LifeCounts {
    var counts = LifeCounts()
    for incident in incidents.values {
      counts.byState[incident.state, default: 0] += 1
      guard incident.state == .open else { continue }
      counts.awaitingBySeverity[incident.severity, default: 0] += 1
      if let level = incident.escalation(at: now) {
        counts.overdueByLevel[level, default: 0] += 1
      }
    }
    return counts
  }

  /// Those that pass, the newest first.
  public func newest(
    limit: Int, where passes: (TrackedIncident) -> Bool
  ) -> [TrackedIncident] {
    let found = incidents.values.filter(passes)
    return Array(found.sorted { ($1.discoveredAt, $1.id) < ($0.discoveredAt, $0.id) }.prefix(limit))
  }

  /// The ids that the filter means, the oldest first, and how many more there are.
  public func ids(
    _ filter: LifeFilter, in states: Set<TrackedIncident.State>, limit: Int
  ) -> (ids: [String], left: Int) {
    let found = incidents.values.filter { states.contains($0.state) && filter.passes($0) }
    let first = found.sorted { ($0.discoveredAt, $0.id) < ($1.discoveredAt, $1.id) }.prefix(limit)
    return (first.map(\.id), found.count - first.count)
  }

  /// The overdue ones that pass: the highest level first, and in it the oldest.
  public func overdue(
    at now: WallTime, limit: Int, where passes: (TrackedIncident) -> Bool
  ) -> [(incident: TrackedIncident, level: Escalation)] {
    let found = incidents.values.compactMap { incident in
      incident.escalation(at: now).map { (incident: incident, level: $0) }
    }.filter { passes($0.incident) }
    let sorted = found.sorted {
      ($1.level, $0.incident.discoveredAt) < ($0.level, $1.incident.discoveredAt)
    }
    return Array(sorted.prefix(limit))
  }
}
