import Linux
import MCPConfig
import Policy

/// What is kept of a told incident until someone has dealt with it.
public struct TrackedIncident: Hashable, Sendable {
  public enum State: String, CaseIterable, Sendable {
    /// Nobody responded yet.
    case open
    case acknowledged
    case resolved
  }

  /// Who did something about it, and when.
  public struct Response: Hashable, Sendable {
    public var at: WallTime
    public var by: String
    public var note: String?
    /// Whether the journal and the ledger have it: what a crash cut off in between, the next start tells.
    public var isTold = true

    public init(at time: WallTime, by actor: String, note: String?) {
      at = time
      by = actor
      self.note = note
    }
  }

  public var id: String
  public var discoveredAt: WallTime
  public var severity: Severity
  /// Of its findings, each once, the worst first.
  public var kinds: [Finding.Kind]
  public var target: String
  /// Nil for what is no user's.
  public var user: String?
  public var uid: UInt32
  public var acknowledged: Response?
  public var resolved: Response?
  /// When `respond_by` was seen to have passed without a response.
  public var overdueAt: WallTime?
  /// What was told then.
  public var toldLevel: Escalation?

  public init(_ incident: Incident) {
    id = incident.id
    discoveredAt = incident.discoveredAt
    severity = incident.severity
    kinds = []
    for finding in incident.findings where !kinds.contains(finding.kind) {
      kinds.append(finding.kind)
    }
    target = incident.target
    user = incident.user?.name
    uid = incident.user?.uid ?? 0
  }

  public var state: State {
    resolved != nil ? .resolved : acknowledged != nil ? .acknowledged : .open
  }

  /// Whether the journal and the ledger have all of it.
  public var isTold: Bool { (acknowledged?.isTold ?? true) && (resolved?.isTold ?? true) }

  public var respondBy: WallTime {
    discoveredAt.advanced(byMinutes: severity.respondWithinMinutes)
  }

  /// Who is to know of it by now; nil unless it is overdue. A clock that is set back takes nobody off
  /// the list.
  public func escalation(at now: WallTime) -> Escalation? {
    guard state == .open, overdueAt != nil else { return nil }
    let level = level(at: now)
    return toldLevel.map { max($0, level) } ?? level
  }

  func level(at now: WallTime) -> Escalation {
    let (elapsed, overflow) = now.microseconds.subtractingReportingOverflow(
      discoveredAt.microseconds)
    return Escalation.level(of: severity, after: overflow ? 0 : Int(elapsed / 60_000_000))
  }
}

// MARK: As JSON

extension TrackedIncident {
  /// What the control socket and `--json` add to an incident.
  public func members(at now: WallTime) -> [(String, JSON)] {
    [
      ("state", .text(state.rawValue)),
      ("acknowledged_at", .optional(acknowledged?.at.rfc3339)),
      ("acknowledged_by", .optional(acknowledged?.by)),
      ("acknowledged_note", .optional(acknowledged?.note)),
      ("resolved_at", .optional(resolved?.at.rfc3339)),
      ("resolved_by", .optional(resolved?.by)),
      ("resolved_note", .optional(resolved?.note)),
      ("overdue_at", .optional(overdueAt?.rfc3339)),
      ("escalation", .optional(escalation(at: now)?.rawValue)),
    ]
  }

  /// An incident of which no more is known than this: the members of `Incident.json` that aren't known
  /// are absent.
  public func shown(at now: WallTime) -> JSON {
    .object(
      [
        ("id", .text(id)), ("discovered_at", .text(discoveredAt.rfc3339)),
        ("respond_by", .text(respondBy.rfc3339)), ("target", .text(target)),
        ("user", .optional(user)), ("uid", .int(uid)), ("severity", .text(severity.rawValue)),
        ("kinds", .array(kinds.map { .text($0.rawValue) })),
      ] + members(at: now))
  }

  /// As it is stored.
  var stored: JSON {
    [
      "id": .text(id), "discovered_at": .text(discoveredAt.rfc3339),
      "severity": .text(severity.rawValue), "kinds": .array(kinds.map { .text($0.rawValue) }),
      "target": .text(target), "user": .optional(user), "uid": .int(uid),
      "acknowledged": acknowledged?.stored ?? .null, "resolved": resolved?.stored ?? .null,
      "overdue_at": .optional(overdueAt?.rfc3339), "level": .optional(toldLevel?.rawValue),
    ]
  }

  init?(stored json: JSON) {
    guard let id = json["id"]?.string?.text, let discovered = json.wallTime("discovered_at"),
      let severity = json["severity"]?.string.flatMap({ Severity(rawValue: $0.text) }),
      let kinds = json["kinds"]?.elements, let target = json["target"]?.string?.text,
      let uid = json["uid"]?.integer.flatMap({ UInt32(exactly: $0) }),
      let acknowledged = Response.stored(json["acknowledged"]),
      let resolved = Response.stored(json["resolved"])
    else { return nil }
    self.id = id
    discoveredAt = discovered
    self.severity = severity
    // A kind that a later version has is no reason to forget an incident.
    self.kinds = kinds.compactMap { $0.string.flatMap { Finding.Kind(rawValue: $0.text) } }
    self.target = target
    user = json["user"]?.string?.text
    self.uid = uid
    self.acknowledged = acknowledged
    self.resolved = resolved
    overdueAt = json.wallTime("overdue_at")
    toldLevel = json["level"]?.string.flatMap { Escalation(rawValue: $0.text) }
  }
}

extension TrackedIncident.Response {
  var stored: JSON {
    var members: [(String, JSON)] = [
      ("at", .text(at.rfc3339)), ("by", .text(by)), ("note", .optional(note)),
    ]
    if !isTold { members.append(("told", false)) }
    return .object(members)
  }

  /// Nil for what isn't one; a response of nil for null.
  static func stored(_ json: JSON?) -> TrackedIncident.Response?? {
    guard let json, json.members != nil else { return .some(nil) }
    guard let time = json.wallTime("at"), let actor = json["by"]?.string?.text else { return nil }
    var response = Self(at: time, by: actor, note: json["note"]?.string?.text)
    response.isTold = json["told"]?.bool ?? true
    return .some(response)
  }
}

extension JSON {
  fileprivate func wallTime(_ key: ByteString) -> WallTime? {
    self[key]?.string.flatMap { WallTime(rfc3339: $0.text) }
  }
}
