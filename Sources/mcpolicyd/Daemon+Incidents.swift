import Control
import Incidents
import Linux
import MCPConfig
import Policy

/// The incidents that the daemon knows: those of this run whole, and of older ones what became of them.
extension Daemon {
  /// How many one call gets at most.
  private static let listLimit = 1000

  func listIncidents(_ call: ControlCall, _ wanted: IncidentQuery) {
    let limit = min(wanted.limit ?? Self.listLimit, Self.listLimit)
    let now = WallTime.now
    var listed = incidents.recent(limit: limit) { incident in
      call.mayRead(uid: incident.user?.uid ?? 0)
        && (wanted.target.map { $0 == ByteString(incident.target) } ?? true)
        && (wanted.user.map { $0 == ByteString(incident.user?.name ?? "") } ?? true)
        && isSo(life.state[incident.id], wanted.state, now)
    }.map(shown)
    if listed.count < limit {
      let recent = Set(incidents.recent(limit: .max) { _ in true }.map(\.id))
      listed += life.state.newest(limit: limit - listed.count) { incident in
        !recent.contains(incident.id) && call.mayRead(uid: incident.uid)
          && (wanted.target.map { $0 == ByteString(incident.target) } ?? true)
          && (wanted.user.map { $0 == ByteString(incident.user ?? "") } ?? true)
          && isSo(incident, wanted.state, now)
      }.map { $0.shown(at: now) }
    }
    call.responder.reply(["incidents": .array(listed)])
  }

  private func isSo(
    _ life: TrackedIncident?, _ state: IncidentQuery.State?, _ now: WallTime
  ) -> Bool {
    switch state {
    case nil: true
    case .open: life?.state == .open
    case .acknowledged: life?.state == .acknowledged
    case .resolved: life?.state == .resolved
    case .overdue: life?.escalation(at: now) != nil
    }
  }

  func getIncident(_ call: ControlCall, _ id: ByteString) {
    let now = WallTime.now
    let found = incidents.recent(limit: 1) { incident in
      ByteString(incident.id) == id && call.mayRead(uid: incident.user?.uid ?? 0)
    }
    let life = life.state[id.text].flatMap { call.mayRead(uid: $0.uid) ? $0 : nil }
    call.responder.reply([
      "incident": found.first.map(shown) ?? life?.shown(at: now) ?? .null,
      "life": life.map { .object($0.members(at: now)) } ?? .null,
    ])
  }

  /// An incident with what became of it.
  func shown(_ incident: Incident) -> JSON {
    let members = life.state[incident.id]?.members(at: .now) ?? []
    return incident.json.adding(members)
  }
}
