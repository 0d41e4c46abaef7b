import Linux
import MCPConfig
import Policy

/// Adds records up, one after the other, in memory that doesn't grow with their number.
public struct ReportTally {
  let period: ReportPeriod
  /// Whose incidents count; nil for all.
  let user: ByteString?

  /// What stands for several counts as so many.
  private(set) var incidents = SeverityCounts()
  private(set) var records = SeverityCounts()
  private(set) var repeated = 0
  private(set) var actions: [Action: Int] = [:]
  private(set) var leadingKinds = BoundedCounts(limit: 200)
  private(set) var kinds = BoundedCounts(limit: 200)
  private(set) var users = BoundedCounts()
  private(set) var servers = BoundedCounts()
  private(set) var days: [SeverityCounts]
  private(set) var restores = TimeHistogram()
  private(set) var hosts: [ByteString: HostTally] = [:]
  /// Incidents of hosts that there was no room for.
  private(set) var hostsNotListed = SeverityCounts()
  private(set) var seen = SeenIncidents()
  private(set) var responses = ResponseTally()
  private(set) var changes = ChangeTally()
  private(set) var refusals = 0
  private(set) var unprovisioned = 0
  private(set) var modeChanges = 0
  private(set) var dropped = 0
  /// Ledger files that retention took away.
  private(set) var removed = 0
  /// What was no record.
  private(set) var unreadable = 0
  /// Whether there was any record of a daemon, which would have told of responses.
  private(set) var hasRecords = false
  private(set) var inventoryIsCut = false
  private var inventorySize = 0

  private static let hostLimit = 10_000
  /// Servers of all users of all hosts together.
  private static let inventoryLimit = 500_000

  public init(_ period: ReportPeriod, user: String? = nil) {
    self.period = period
    self.user = user.map { ReportName.of(ByteString($0)) }
    days = [SeverityCounts](repeating: SeverityCounts(), count: period.days.count)
  }

  public mutating func addUnreadable() { unreadable += 1 }

  public mutating func add(_ record: ReportRecord) {
    if record.at >= period.since, record.at < period.readUntil { hasRecords = true }
    switch record.event {
    case .incident(let incident): add(incident, record)
    case .response(let response):
      guard record.at < period.readUntil else { break }
      responses.add(response, at: record.at, host: record.host, period: period, to: &seen)
    case .overdue(let incident, let level):
      guard record.at < period.readUntil else { break }
      responses.addOverdue(incident, level: level, host: record.host, period: period)
    default:
      if period.contains(record.at), isNew(record) { addEvent(record) }
    }
  }

  private mutating func add(_ incident: IncidentEntry, _ record: ReportRecord) {
    guard period.contains(incident.discoveredAt), user == nil || incident.user == user else {
      return
    }
    let print = SeenIncidents.print(of: incident.id, at: record.host)
    guard seen.insert(print, incident.severity) else {
      repeated += 1
      return
    }
    let (severity, count) = (incident.severity, incident.count)
    let day = Day(of: incident.discoveredAt).number - period.firstDay.number
    incidents[severity] += count
    records[severity] += 1
    actions[incident.action, default: 0] += count
    leadingKinds.add(incident.leadingKind, severity, count)
    for kind in incident.kinds { kinds.add(kind, severity, count) }
    for server in incident.servers { servers.add(server, severity, count) }
    users.add(incident.user, severity, count)
    days[day][severity] += count
    if incident.action == .restored, let latency = incident.latencyMicroseconds {
      restores.record(latency)
    }
    withHost(record.host) { host in
      host.incidents[severity] += count
      host.note(incident.discoveredAt, day: day)
    } orElse: {
      $0.hostsNotListed[severity] += count
    }
  }

  /// Whether the record, which is no incident, wasn't counted before from a copy of its file.
  private mutating func isNew(_ record: ReportRecord) -> Bool {
    guard let mark = record.event.mark else { return true }
    let print = SeenIncidents.print(
      of: ByteString(mark.bytes + Array(" \(record.at.microseconds)".utf8)), at: record.host)
    return seen.insert(print, .low)
  }

  private mutating func addEvent(_ record: ReportRecord) {
    let day = Day(of: record.at).number - period.firstDay.number
    withHost(record.host) { $0.note(record.at, day: day) }
    switch record.event {
    case .change(let change):
      guard user == nil || change.user == nil || change.user == user else { break }
      changes.add(change, at: record.at, host: record.host)
    case .inventory(let users, let part): take(users, part, record)
    case .started: withHost(record.host) { $0.starts += 1 }
    case .unprovisioned: unprovisioned += 1
    case .refused: refusals += 1
    case .modeChanged: modeChanges += 1
    case .dropped(_, let count): dropped += count
    case .removed: removed += 1
    case .anchored(let head):
      withHost(record.host) { host in
        if head.sequence >= host.head?.sequence ?? 0 { host.head = head }
      }
    case .stopped, .other, .incident, .response, .overdue: break
    }
  }

  private mutating func take(_ users: [UserInventory], _ part: Int, _ record: ReportRecord) {
    let users = user.map { only in users.filter { $0.user == only } } ?? users
    let old = hosts[record.host]?.inventory
    if let old, old.at > record.at { return }
    let kept = part > 1 ? old?.users ?? [:] : [:]
    let sizeThen = inventorySize - Self.size(old?.users ?? [:]) + Self.size(kept)
    let new = users.reduce(0) { $0 + 1 + $1.servers.count }
    guard sizeThen + new <= Self.inventoryLimit else {
      inventoryIsCut = true
      return
    }
    var merged = kept
    for user in users { merged[user.user, default: []] += user.servers }
    inventorySize = sizeThen + Self.size(merged) - Self.size(kept)
    withHost(record.host) { $0.inventory = (record.at, merged) }
  }

  private static func size(_ users: [ByteString: [ByteString]]) -> Int {
    users.reduce(0) { $0 + 1 + $1.value.count }
  }

  private mutating func withHost(
    _ name: ByteString, _ body: (inout HostTally) -> Void,
    orElse: (inout ReportTally) -> Void = { _ in }
  ) {
    if hosts[name] == nil, hosts.count >= Self.hostLimit { return orElse(&self) }
    body(&hosts[name, default: HostTally(days: days.count)])
  }
}

extension ReportRecord.Event {
  /// What tells records of one microsecond apart; nil where counting one twice changes nothing.
  fileprivate var mark: ByteString? {
    switch self {
    case .change(let change):
      ByteString(
        change.change.bytes + [0x20] + (change.server?.bytes ?? []) + [0x20]
          + (change.user?.bytes ?? []))
    case .started: "start"
    case .unprovisioned: "unprovisioned"
    case .refused: "refused"
    case .modeChanged: "mode"
    case .dropped(let what, _): what
    case .removed: "removed"
    case .incident, .response, .overdue, .inventory, .anchored, .stopped, .other: nil
    }
  }
}
