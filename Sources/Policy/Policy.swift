import MCPConfig

/// What `policy.json` says.
public struct Policy: Sendable {
  public var mode: Mode
  public var approvedFile: String
  /// The canonical SHA-256 that makes an approved file adopted without anyone asking.
  public var approvedPin: SHA256Digest?
  /// Whose signatures on the approved file approve it; nil where signatures count for nothing.
  public var trust: Trust?
  /// Absolute folder patterns, `*` in the last component.
  public var homes: [String]
  public var targets: [TargetRule]
  public var access: Access
  public var tolerate: Set<Tolerance>
  public var sweepSeconds: Int
  /// How long the ledger's files are kept.
  public var ledgerRetentionDays: Int
  public var whitelist: Whitelist
  /// Where metrics are put for a collector of files: an absolute path.
  public var metricsFile: String?

  public enum Mode: String, CaseIterable, Sendable {
    /// Report only.
    case observe
    /// Report and restore.
    case enforce
  }

  /// Whose a restored file is.
  public enum Access: String, CaseIterable, Sendable {
    /// Root's, 0444.
    case readOnly = "read-only"
    /// The user's, 0600.
    case userWritable = "user-writable"
    /// A symlink to the central target.
    case link
  }

  /// Drift that only takes power away.
  public enum Tolerance: String, CaseIterable, Sendable {
    /// The same canonical form, other bytes.
    case formatting
    /// `disabled` went true.
    case disabled
    /// `autoApprove` a subset, `disabledTools` a superset.
    case narrowerApprovals = "narrower-approvals"
    case missingServers = "missing-servers"
  }

  /// One file to keep, in each home or once on the host.
  public struct TargetRule: Sendable, Hashable {
    public var name: String
    public var path: TargetPath
    public var client: Client
    public var mode: Mode
  }

  public enum TargetPath: Sendable, Hashable {
    /// The components of an absolute path.
    case absolute([String])
    /// The components below each home.
    case home([String])
  }

  /// The central target, which `access: link` points to: the first one outside of homes.
  public var central: TargetRule? {
    targets.first { if case .absolute = $0.path { true } else { false } }
  }
}

/// A program that reads an `mcp.json`, described by what it takes.
public enum Client: String, CaseIterable, Sendable {
  case kiro

  /// What every program of the client reads. Kiro's IDE takes comments and its CLI doesn't; what only
  /// one of them can read is drift.
  public var dialect: JSONDialect { .strict }

  /// What at least one of them reads, so that servers in it start there.
  var widestDialect: JSONDialect { .comments }
}

/// A policy that can't be used, with the place that says why.
public struct PolicyError: Error, Hashable, Sendable, CustomStringConvertible {
  public var file: String
  public var position: Position
  public var message: String

  public init(file: String, position: Position, message: String) {
    self.file = file
    self.position = position
    self.message = message
  }

  public var description: String { "\(file):\(position): \(message)" }
}

extension Policy.TargetPath {
  /// Whether one is a folder on the way to the other: both can't be files.
  func isNested(with other: Policy.TargetPath) -> Bool {
    switch (self, other) {
    case (.absolute(let one), .absolute(let two)), (.home(let one), .home(let two)):
      one != two && zip(one, two).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    case (.absolute, .home), (.home, .absolute): false
    }
  }
}
