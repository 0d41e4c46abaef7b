import Linux
import MCPConfig
import Policy

/// One record of a host, from its ledger or from its journal, as far as a report needs it.
public struct ReportRecord: Sendable {
  /// Escaped and clipped, as are all names in it.
  public var host: ByteString
  /// When it was written.
  public var at: WallTime
  public var event: Event

  public enum Event: Sendable {
    case incident(IncidentEntry)
    case change(ChangeEntry)
    case response(ResponseEntry)
    case overdue(incident: ByteString, level: ByteString)
    /// A large inventory is several records; the first starts it anew.
    case inventory([UserInventory], part: Int)
    case started
    case stopped
    case unprovisioned
    case refused
    case modeChanged
    case dropped(what: ByteString, count: Int)
    case removed
    case anchored(AnchoredHead)
    /// It shows that the host was recording, and no more.
    case other
  }

  public init(host: ByteString, at: WallTime, _ event: Event) {
    self.host = host
    self.at = at
    self.event = event
  }
}

/// An incident's figures.
public struct IncidentEntry: Sendable {
  public var id: ByteString
  public var discoveredAt: WallTime
  public var severity: Severity
  public var action: Action
  public var user: ByteString
  /// Of the worst finding.
  public var leadingKind: ByteString
  /// Each kind once, the leading one too.
  public var kinds: [ByteString]
  /// Each server once.
  public var servers: [ByteString]
  public var latencyMicroseconds: Int?
  /// How many incidents the record stands for.
  public var count: Int

  public init(
    id: ByteString, discoveredAt: WallTime, severity: Severity, action: Action, user: ByteString,
    leadingKind: ByteString, kinds: [ByteString], servers: [ByteString],
    latencyMicroseconds: Int?, count: Int
  ) {
    self.id = id
    self.discoveredAt = discoveredAt
    self.severity = severity
    self.action = action
    self.user = user
    self.leadingKind = leadingKind
    self.kinds = kinds
    self.servers = servers
    self.latencyMicroseconds = latencyMicroseconds
    self.count = count
  }
}

/// A change of what holds: an approval, a revocation, a grant, a reload.
public struct ChangeEntry: Sendable, Hashable {
  public var change: ByteString
  /// Nil for what the daemon does by itself.
  public var actor: ByteString?
  public var server: ByteString?
  public var user: ByteString?
  public var reason: ByteString?
  public var ticket: ByteString?
  public var until: ByteString?
  public var sha256: ByteString?

  public init(
    change: ByteString, actor: ByteString? = nil, server: ByteString? = nil,
    user: ByteString? = nil, reason: ByteString? = nil, ticket: ByteString? = nil,
    until: ByteString? = nil, sha256: ByteString? = nil
  ) {
    self.change = change
    self.actor = actor
    self.server = server
    self.user = user
    self.reason = reason
    self.ticket = ticket
    self.until = until
    self.sha256 = sha256
  }
}

/// Someone acknowledged or resolved an incident.
public struct ResponseEntry: Sendable {
  public enum Step: Sendable { case acknowledged, resolved }

  public var step: Step
  public var incident: ByteString

  public init(_ step: Step, incident: ByteString) {
    self.step = step
    self.incident = incident
  }
}

/// The servers that a user may have on a host.
public struct UserInventory: Sendable {
  public var user: ByteString
  public var servers: [ByteString]

  public init(user: ByteString, servers: [ByteString]) {
    self.user = user
    self.servers = servers
  }
}

/// The end of a ledger's chain at one time, as the journal has it.
public struct AnchoredHead: Sendable, Hashable {
  public var sequence: Int
  public var hash: ByteString

  public init(sequence: Int, hash: ByteString) {
    self.sequence = sequence
    self.hash = hash
  }
}
