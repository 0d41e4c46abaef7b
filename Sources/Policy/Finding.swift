import MCPConfig

/// One reason why an observation isn't what was approved.
public struct Finding: Hashable, Sendable {
  public enum Kind: String, CaseIterable, Sendable {
    case credentialExposure = "credential-exposure"
    case baselineTampered = "baseline-tampered"
    case restoreFailed = "restore-failed"
    case prohibitedServer = "prohibited-server"
    case unauthorizedServer = "unauthorized-server"
    case serverDrift = "server-drift"
    case approvalWidened = "approval-widened"
    case pathReplaced = "path-replaced"
    case tamperStorm = "tamper-storm"
    case unreadableConfig = "unreadable-config"
    case missingFile = "missing-file"
    case missingServer = "missing-server"
    case watchDegraded = "watch-degraded"
    case permissionsDrift = "permissions-drift"
  }

  public var kind: Kind
  public var server: ByteString?
  /// The key of the definition, the folder on the way, or what of the file it is.
  public var field: String?
  /// `file:line` of the whitelist entry that decided, `approved` where the approved definition did,
  /// `default` where no entry names the server.
  public var rule: String
  /// For the developer on the desktop: what was found, what is approved, what to do. No value of a
  /// user's file stands in it.
  public var message: String

  public init(
    _ kind: Kind, server: ByteString? = nil, field: String? = nil, rule: String = Finding.approved,
    _ message: String
  ) {
    self.kind = kind
    self.server = server
    self.field = field
    self.rule = rule
    self.message = message
  }

  public static let approved = "approved"

  public var severity: Severity { kind.severity }
}

/// How bad a finding is, and so how soon someone must respond.
public enum Severity: String, CaseIterable, Comparable, Sendable {
  case low, medium, high, critical

  private var rank: Int {
    switch self {
    case .low: 0
    case .medium: 1
    case .high: 2
    case .critical: 3
    }
  }

  public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

  /// Minutes until someone must have responded, from the guide's incident classes.
  public var respondWithinMinutes: Int {
    switch self {
    case .critical: 15
    case .high: 60
    case .medium: 4 * 60
    case .low: 24 * 60
    }
  }

  /// The journal's `PRIORITY`, as syslog(3) numbers them.
  public var journalPriority: Int {
    switch self {
    case .critical: 2
    case .high: 3
    case .medium: 4
    case .low: 5
    }
  }
}

extension Finding.Kind {
  public var severity: Severity {
    switch self {
    case .credentialExposure, .baselineTampered, .restoreFailed: .critical
    case .prohibitedServer, .unauthorizedServer, .serverDrift, .approvalWidened, .pathReplaced,
      .tamperStorm:
      .high
    case .unreadableConfig, .missingFile, .missingServer, .watchDegraded: .medium
    case .permissionsDrift: .low
    }
  }
}
