import Linux
import MCPConfig
import Policy

extension ReportRecord {
  /// Decodes a line of a ledger; nil for what isn't one. The chain is the verifier's to check.
  public init?(ledgerLine line: [UInt8]) {
    guard let json = try? JSON(parsing: line), let host = json["host"]?.string,
      let kind = json["kind"]?.string, let at = json.moment("at"), let data = json["data"],
      let event = Event(kind, data)
    else { return nil }
    self.init(host: ReportName.of(host), at: at, event)
  }
}

extension ReportRecord.Event {
  /// Nil for data that isn't what a record of this kind holds.
  fileprivate init?(_ kind: ByteString, _ data: JSON) {
    switch kind {
    case "incident":
      guard let entry = IncidentEntry(data) else { return nil }
      self = .incident(entry)
    case "change":
      guard let change = data.name("change") else { return nil }
      self = .change(ChangeEntry(change, data))
    case "acknowledged", "resolved":
      guard let incident = data["incident"]?.string else { return nil }
      self = .response(
        ResponseEntry(kind == "resolved" ? .resolved : .acknowledged, incident: incident))
    case "overdue":
      guard let incident = data["incident"]?.string else { return nil }
      self = .overdue(incident: incident, level: data.level)
    case "inventory":
      self = .inventory(UserInventory.all(data["users"]), part: data["part"]?.integer ?? 1)
    case "start": self = .started
    case "stop": self = .stopped
    case "mode": self = .modeChanged
    case "drops":
      self = .dropped(
        what: data.name("what") ?? "records", count: ReportName.count(data["count"]?.integer ?? 1))
    case "removed": self = .removed
    default: self = .other
    }
  }
}

extension IncidentEntry {
  fileprivate init?(_ data: JSON) {
    guard let id = data["id"]?.string, let discovered = data.moment("discovered_at"),
      let severity = data["severity"]?.string.flatMap({ Severity(rawValue: $0.text) }),
      let action = data["action"]?.string.flatMap({ Action(rawValue: $0.text) }),
      let findings = data["findings"]?.elements, let leading = findings.first?.name("kind")
    else { return nil }
    var kinds: [ByteString] = []
    var servers: [ByteString] = []
    for finding in findings {
      if let kind = finding.name("kind"), !kinds.contains(kind) { kinds.append(kind) }
      if let server = finding.name("server"), !servers.contains(server) { servers.append(server) }
    }
    self.init(
      id: id, discoveredAt: discovered, severity: severity, action: action,
      // The journal's word for targets that are no user's.
      user: data.name("user") ?? "root", leadingKind: leading, kinds: kinds, servers: servers,
      latencyMicroseconds: data["latency_usec"]?.integer.map(ReportName.latency),
      count: ReportName.count(data["count"]?.integer ?? 1))
  }
}

extension ChangeEntry {
  fileprivate init(_ change: ByteString, _ data: JSON) {
    let actor = data["actor"]
    self.init(
      change: change,
      actor: actor?.name("name") ?? actor?["uid"]?.integer.map { ByteString("uid \($0)") }
        ?? data.name("signer"),
      server: data.name("server"), user: data.name("user"), reason: data.name("reason"),
      ticket: data.name("ticket"), until: data.name("until"), sha256: data.name("sha256"))
  }
}

extension UserInventory {
  fileprivate static func all(_ users: JSON?) -> [UserInventory] {
    (users?.members ?? []).map { member in
      UserInventory(
        user: ReportName.of(member.key),
        servers: (member.value.elements ?? []).compactMap { $0.string.map(ReportName.of) })
    }
  }
}

extension JSON {
  fileprivate func moment(_ key: ByteString) -> WallTime? {
    self[key]?.string.flatMap { WallTime(rfc3339: $0.text) }
  }

  fileprivate func name(_ key: ByteString) -> ByteString? { self[key]?.string.map(ReportName.of) }

  /// A word or a number.
  fileprivate var level: ByteString {
    name("level") ?? self["level"]?.integer.map { ByteString("\($0)") } ?? "?"
  }
}
