import Incidents
import Linux
import MCPConfig
import Policy

/// The fields of one journal entry that a report needs, filled one field after the other.
///
/// The journal keeps each value of a field once and in no order.
public struct JournalFields: Sendable {
  var host: ByteString?
  var messageID: ByteString?
  var incident: ByteString?
  var change: ByteString?
  var isOverdue = false
  var kinds: [ByteString] = []
  var servers: [ByteString] = []
  var severity: Severity?
  var action: Action?
  var user: ByteString?
  var count = 1
  var latency: Int?
  /// What only records of changes, of drops and of the ledger's head have.
  var others: [ByteString: ByteString] = [:]

  public init() {}

  /// The prefix of our own fields.
  private static let ours = Array("MCPOLICY_".utf8)

  /// Takes one field, `NAME=value`, as libsystemd has it; the bytes are looked at, not kept, unless a
  /// report needs them.
  public mutating func take(_ field: UnsafeRawBufferPointer) {
    if field.count > Self.ours.count, field.starts(with: Self.ours) {
      let rest = UnsafeRawBufferPointer(rebasing: field[Self.ours.count...])
      if let equals = rest.firstIndex(of: UInt8(ascii: "=")) {
        take(rest[..<equals], rest[(equals + 1)...])
      }
    } else if let value = field.value(of: "_HOSTNAME=") {
      host = ReportName.of(Array(value)[...])
    } else if let value = field.value(of: "MESSAGE_ID=") {
      messageID = ByteString(Array(value))
    }
  }

  private mutating func take(
    _ name: Slice<UnsafeRawBufferPointer>, _ bytes: Slice<UnsafeRawBufferPointer>
  ) {
    // Each is looked at by name alone; most of an incident's fields aren't wanted.
    func value() -> ByteString { ReportName.of(Array(bytes)[...]) }
    func number() -> Int? { bytes.count <= 18 ? Int(value().text) : nil }
    if name.elementsEqual("INCIDENT".utf8) {
      incident = value()
    } else if name.elementsEqual("KIND".utf8) {
      kinds.append(value())
    } else if name.elementsEqual("SERVER".utf8) {
      servers.append(value())
    } else if name.elementsEqual("SEVERITY".utf8) {
      severity = Severity(rawValue: value().text)
    } else if name.elementsEqual("ACTION".utf8) {
      action = Action(rawValue: value().text)
    } else if name.elementsEqual("USER".utf8) {
      user = value()
    } else if name.elementsEqual("COUNT".utf8) {
      count = ReportName.count(number() ?? 1)
    } else if name.elementsEqual("LATENCY_USEC".utf8) {
      latency = number().map(ReportName.latency)
    } else if name.elementsEqual("CHANGE".utf8) {
      change = value()
    } else if name.elementsEqual("OVERDUE".utf8) {
      isOverdue = bytes.elementsEqual("1".utf8)
    } else if Self.others.contains(where: { name.elementsEqual($0.bytes) }) {
      others[ByteString(Array(name))] = value()
    }
  }

  private static let others: [ByteString] = [
    "ACTOR_NAME", "ACTOR_UID", "REASON", "TICKET", "UNTIL", "ESCALATION", "LEDGER_SEQ",
    "LEDGER_HEAD",
    "SHA256_EXPECTED", "SIGNER",
  ]
}

extension UnsafeRawBufferPointer {
  fileprivate func value(of name: StaticString) -> UnsafeRawBufferPointer? {
    let count = name.utf8CodeUnitCount
    guard self.count >= count, name.withUTF8Buffer({ self[..<count].elementsEqual($0) }) else {
      return nil
    }
    return UnsafeRawBufferPointer(rebasing: self[count...])
  }
}

extension ReportRecord {
  /// Nil for an entry that isn't a record: a crash's last words, or a field that isn't as it should be.
  public init?(_ fields: JournalFields, at: WallTime) {
    guard let event = Event(fields) else { return nil }
    self.init(host: fields.host ?? "?", at: at, event)
  }
}

extension ReportRecord.Event {
  fileprivate init?(_ fields: JournalFields) {
    if let sequence = fields.others["LEDGER_SEQ"].flatMap({ Int($0.text) }),
      let hash = fields.others["LEDGER_HEAD"]
    {
      self = .anchored(AnchoredHead(sequence: sequence, hash: hash))
    } else if let id = fields.incident {
      guard let event = Self.ofIncident(id, fields) else { return nil }
      self = event
    } else if let change = fields.change {
      self = .change(ChangeEntry(change, fields))
    } else {
      switch fields.messageID?.text {
      case MessageID.daemonStarted: self = .started
      case MessageID.daemonUnprovisioned: self = .unprovisioned
      case MessageID.policyRefused: self = .refused
      case MessageID.ledgerDropped: self = .dropped(what: "ledger", count: fields.count)
      default: self = .other
      }
    }
  }

  private static func ofIncident(_ id: ByteString, _ fields: JournalFields) -> Self? {
    if fields.isOverdue {
      return .overdue(incident: id, level: fields.others["ESCALATION"] ?? "?")
    }
    switch fields.change {
    case "incident-acknowledged": return .response(ResponseEntry(.acknowledged, incident: id))
    case "incident-resolved": return .response(ResponseEntry(.resolved, incident: id))
    case .some: return .other
    case nil: break
    }
    guard let discovered = ReportName.discovered(id), let severity = fields.severity,
      let action = fields.action, let leading = fields.leadingKind
    else { return nil }
    return .incident(
      IncidentEntry(
        id: id, discoveredAt: discovered, severity: severity, action: action,
        user: fields.user ?? "root", leadingKind: leading,
        kinds: fields.kinds.contains(leading) ? fields.kinds : fields.kinds + [leading],
        servers: fields.servers, latencyMicroseconds: fields.latency, count: fields.count))
  }
}

extension JournalFields {
  private static let kindsByMessage = Dictionary(
    uniqueKeysWithValues: Finding.Kind.allCases.map {
      (ByteString(MessageID.finding($0)), ByteString($0.rawValue))
    })

  /// The message's id says which of several kinds leads.
  fileprivate var leadingKind: ByteString? {
    messageID.flatMap { Self.kindsByMessage[$0] } ?? kinds.first
  }
}

extension ChangeEntry {
  fileprivate init(_ change: ByteString, _ fields: JournalFields) {
    let other = fields.others
    self.init(
      change: change,
      actor: other["ACTOR_NAME"] ?? other["ACTOR_UID"].map { ByteString("uid \($0.text)") }
        ?? other["SIGNER"],
      server: fields.servers.first, user: fields.user, reason: other["REASON"],
      ticket: other["TICKET"], until: other["UNTIL"], sha256: other["SHA256_EXPECTED"])
  }
}
