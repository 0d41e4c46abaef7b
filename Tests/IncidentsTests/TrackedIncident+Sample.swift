import Linux
import Policy

@testable import Incidents

extension TrackedIncident {
  /// 2026-01-01T00:00:00Z.
  static let start = WallTime(microseconds: 1_767_225_600_000_000)

  /// - Parameter minute: of its discovery.
  static func sample(
    _ id: String, _ kind: Finding.Kind = .serverDrift, uid: UInt32 = 1001, minute: Int = 0
  ) -> TrackedIncident {
    let user = UserIdentity(uid: uid, name: "user\(uid)", groups: [])
    var incident = Incident(
      discoveredAt: start.advanced(byMinutes: minute), target: "kiro", path: "/home/x/mcp.json",
      user: user, findings: [Finding(kind, "it"), Finding(kind, "it again")], action: .restored,
      mode: .enforce, generation: 1)
    incident.id = id
    return TrackedIncident(incident)
  }
}

extension TrackedIncident.Response {
  static let sample = Self(at: TrackedIncident.start, by: "carol (uid 1002)", note: "looking")
}

/// Minutes after the sample's start.
func after(_ minutes: Int) -> WallTime { TrackedIncident.start.advanced(byMinutes: minutes) }
