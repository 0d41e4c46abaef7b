import Linux
import MCPConfig
import Policy

/// One step in the life of an incident, and who made it.
public struct LifeRecord: Sendable {
  public enum Kind: String, CaseIterable, Sendable {
    case acknowledged, resolved, overdue

    /// As `MCPOLICY_CHANGE` has it.
    var change: String { "incident-\(rawValue)" }
  }

  public var kind: Kind
  public var incident: TrackedIncident
  /// Nil for overdue, which no one makes, and for what a start tells of the run before.
  public var actor: AuditRecord.Actor?
  public var note: String?
  public var at: WallTime

  public init(
    _ kind: Kind, _ incident: TrackedIncident, by actor: AuditRecord.Actor?, note: String? = nil,
    at time: WallTime
  ) {
    self.kind = kind
    self.incident = incident
    self.actor = actor
    self.note = note
    at = time
  }

  /// Who made it, as it is stored.
  var by: String? {
    switch kind {
    case .acknowledged: actor?.text ?? incident.acknowledged?.by
    case .resolved: actor?.text ?? incident.resolved?.by
    case .overdue: nil
    }
  }

  /// Who is to know; nil for what isn't overdue.
  var level: Escalation? { kind == .overdue ? incident.toldLevel : nil }
}

extension LifeRecord {
  /// One sentence for people; what someone typed is escaped.
  public var message: String {
    let user = incident.user.map { " of \(ByteString($0).shown)" } ?? ""
    let what =
      "Incident \(incident.id) (\(incident.severity.rawValue) "
      + "\(incident.kinds.first?.rawValue ?? "incident")\(user))"
    let why = note.map { " Note: \(ByteString($0).escaped)" } ?? ""
    let who = by.map { " by \(ByteString($0).escaped)" } ?? ""
    switch kind {
    case .acknowledged: return "\(what) was acknowledged\(who).\(why)"
    case .resolved: return "\(what) was resolved\(who).\(why)"
    case .overdue:
      return
        "\(what) is overdue: nobody responded until \(incident.respondBy.rfc3339). "
        + "To know by now: \(level?.rawValue ?? "?")."
    }
  }

  /// An overdue incident is as urgent as it was.
  var priority: Int { kind == .overdue ? incident.severity.journalPriority : 5 }

  /// For whoever watches.
  public var shown: JSON {
    [
      "step": .text(kind.rawValue), "at": .text(at.rfc3339), "incident": .text(incident.id),
      "by": .optional(by), "note": .optional(note),
      "level": .optional(level?.rawValue), "severity": .text(incident.severity.rawValue),
      "kinds": .array(incident.kinds.map { .text($0.rawValue) }),
      "target": .text(incident.target), "user": .optional(incident.user),
      "uid": .int(incident.uid),
    ]
  }

  /// For a ledger; every member is there, null where there is nothing.
  public var json: JSON {
    [
      "at": .text(at.rfc3339), "incident": .text(incident.id),
      "by": .optional(by), "actor": actor?.json ?? .null, "note": .optional(note),
      "level": .optional(level?.rawValue), "severity": .text(incident.severity.rawValue),
      "kinds": .array(incident.kinds.map { .text($0.rawValue) }),
      "target": .text(incident.target), "user": .optional(incident.user),
      "uid": .int(incident.uid), "discovered_at": .text(incident.discoveredAt.rfc3339),
      "respond_by": .text(incident.respondBy.rfc3339),
    ]
  }
}

extension JournalRecord {
  /// It has no `MCPOLICY_ACTION`, which every incident has: so it isn't counted as one.
  public init(_ record: LifeRecord) {
    let incident = record.incident
    self.init(
      messageID: MessageID.life(record.kind), priority: record.priority, message: record.message)
    func add(_ name: String, _ value: String?) {
      if let value { fields.append(("MCPOLICY_\(name)", value)) }
    }
    add("CHANGE", record.kind.change)
    add("INCIDENT", incident.id)
    add("SEVERITY", incident.severity.rawValue)
    for kind in incident.kinds { add("KIND", kind.rawValue) }
    add("RESPOND_BY", incident.respondBy.rfc3339)
    add("TARGET", ByteString(incident.target).escaped)
    add("USER", ByteString(incident.user ?? "root").escaped)
    add("UID", String(incident.uid))
    if record.kind == .overdue { add("OVERDUE", "1") }
    add("ESCALATION", record.level?.rawValue)
    add("ACTOR_UID", record.actor.map { String($0.uid) })
    add("ACTOR_PID", record.actor.map { String($0.pid) })
    add("ACTOR_NAME", record.actor?.name.map { ByteString($0).escaped })
    add("ACTOR_EXE", record.actor?.programText.path)
    add("ACTOR_EXE_UNKNOWN", record.actor?.programText.unknown)
    add("NOTE", record.note.map { ByteString($0).escaped })
  }
}
