import Linux
import Policy

/// What becomes of told incidents: open, acknowledged, resolved; and overdue, once. Pure: it does
/// nothing, and returns what is to be stored and said.
///
/// Every told incident asks for a response, restored ones too: someone wanted another file there.
public struct IncidentLife {
  private(set) var incidents: [String: TrackedIncident] = [:]
  /// How many each uid has.
  private var owned: [UInt32: Int] = [:]
  private var resolvedCount = 0
  /// No incident that waits is due before; it may be earlier than the first of them.
  public private(set) var nextRespondBy: WallTime?
  /// Incidents that weren't resolved and had to go for want of room.
  public private(set) var forgottenCount = 0

  /// How many are kept at most, and of them how many that are resolved.
  static let limit = 2048
  static let resolvedLimit = 512
  /// How many go at once, so that each costs little.
  private static let batch = 128

  public enum Change: Sendable, Equatable {
    /// It is so now.
    case keep(TrackedIncident)
    case forget(id: String)
  }

  public init() {}

  public var count: Int { incidents.count }
  var all: [TrackedIncident] { Array(incidents.values) }
  public subscript(id: String) -> TrackedIncident? { incidents[id] }

  private mutating func put(_ incident: TrackedIncident) {
    let old = incidents.updateValue(incident, forKey: incident.id)
    if old == nil { owned[incident.uid, default: 0] += 1 }
    resolvedCount += (incident.state == .resolved ? 1 : 0) - (old?.state == .resolved ? 1 : 0)
    guard incident.state == .open, incident.overdueAt == nil else { return }
    nextRespondBy = min(nextRespondBy ?? incident.respondBy, incident.respondBy)
  }

  private mutating func drop(_ id: String) {
    guard let old = incidents.removeValue(forKey: id) else { return }
    owned[old.uid, default: 1] -= 1
    if owned[old.uid] == 0 { owned[old.uid] = nil }
    if old.state == .resolved { resolvedCount -= 1 }
  }

  /// Takes what was stored, in its order.
  public mutating func replay(_ change: Change) {
    switch change {
    case .keep(let incident): put(incident)
    case .forget(let id): drop(id)
    }
  }

  /// A told incident waits for a response from now on.
  public mutating func opened(_ incident: TrackedIncident) -> [Change] {
    put(incident)
    return [.keep(incident)] + makeRoom()
  }

  public enum Step: Equatable {
    /// To be stored, and said.
    case changed(TrackedIncident, [Change])
    /// It was so already, or further.
    case unchanged
    case unknown
  }

  /// From now on it doesn't become overdue.
  public mutating func acknowledge(_ id: String, _ response: TrackedIncident.Response) -> Step {
    guard var incident = incidents[id] else { return .unknown }
    guard incident.state == .open else { return .unchanged }
    incident.acknowledged = response
    put(incident)
    return .changed(incident, [.keep(incident)])
  }

  /// Resolving one that nobody acknowledged is the response, too.
  public mutating func resolve(_ id: String, _ response: TrackedIncident.Response) -> Step {
    guard var incident = incidents[id] else { return .unknown }
    guard incident.state != .resolved else { return .unchanged }
    incident.resolved = response
    put(incident)
    return .changed(incident, [.keep(incident)] + makeRoom())
  }

  /// That step of the incident has been told.
  public mutating func told(_ step: LifeRecord.Kind, of id: String) -> [Change] {
    guard let before = incidents[id] else { return [] }
    var incident = before
    switch step {
    case .acknowledged: incident.acknowledged?.isTold = true
    case .resolved: incident.resolved?.isTold = true
    case .overdue: break
    }
    guard incident != before else { return [] }
    put(incident)
    return [.keep(incident)]
  }

  /// The incidents whose time to respond is over by now, each once, at most so many at a time.
  public mutating func overdue(at now: WallTime, limit: Int) -> [TrackedIncident] {
    guard let next = nextRespondBy, next <= now else { return [] }
    var late: [TrackedIncident] = []
    var rest: WallTime?
    for incident in incidents.values where incident.state == .open && incident.overdueAt == nil {
      if incident.respondBy <= now, late.count < limit {
        late.append(incident)
      } else {
        rest = min(rest ?? incident.respondBy, incident.respondBy)
      }
    }
    nextRespondBy = rest
    for index in late.indices {
      late[index].overdueAt = now
      late[index].toldLevel = late[index].level(at: now)
      put(late[index])
    }
    return late.sorted { $0.respondBy < $1.respondBy }
  }
}

// MARK: Bounds

extension IncidentLife {
  /// What goes is taken from whoever has most, the least severe and oldest first: nobody's flood
  /// pushes out what is another's.
  private mutating func makeRoom() -> [Change] {
    var gone: [String] = []
    if resolvedCount > Self.resolvedLimit {
      gone += incidents.values.filter { $0.state == .resolved }
        .sorted { ($0.resolved!.at, $0.id) < ($1.resolved!.at, $1.id) }
        .prefix(resolvedCount - Self.resolvedLimit + Self.batch).map(\.id)
      for id in gone { drop(id) }
    }
    guard incidents.count > Self.limit else { return gone.map { .forget(id: $0) } }
    for victim in victims(incidents.count - Self.limit + Self.batch) {
      drop(victim.id)
      gone.append(victim.id)
      if victim.state != .resolved { forgottenCount += 1 }
    }
    return gone.map { .forget(id: $0) }
  }

  /// So many incidents of those who have more than others.
  private func victims(_ excess: Int) -> [TrackedIncident] {
    // What each may keep: as much as is possible if so many are to go.
    var (share, tooMuch) = (0, owned.values.max() ?? 0)
    while tooMuch - share > 1 {
      let middle = (share + tooMuch) / 2
      let gone = owned.values.reduce(0) { $0 + max($1 - middle, 0) }
      if gone >= excess { share = middle } else { tooMuch = middle }
    }
    let candidates = Dictionary(
      grouping: incidents.values.filter { owned[$0.uid]! > share }, by: \.uid)
    let spare = candidates.values.flatMap { own in
      own.sorted { $0.worth < $1.worth }.prefix(own.count - share)
    }
    return Array(spare.sorted { $0.worth < $1.worth }.prefix(excess))
  }
}

extension TrackedIncident {
  /// What is worth least goes first.
  fileprivate var worth: (Int, Severity, WallTime) {
    (state == .resolved ? 0 : state == .acknowledged ? 1 : 2, severity, discoveredAt)
  }
}
