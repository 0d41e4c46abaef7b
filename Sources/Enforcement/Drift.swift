import Linux
import MCPConfig
import Policy

/// Drift that was found at a target, and what was done about it.
public struct Drift: Sendable {
  public var target: TargetSummary
  public var findings: [Finding]
  public var action: Action
  /// From the first hint to the approved copy at the path; nil where nothing was put back.
  public var latencyMicroseconds: Int?
  public var discovered: WallTime
  public var expected: SHA256Digest
  /// Nil where there were no bytes to read.
  public var found: SHA256Digest?
  /// Under which name the rejected bytes are kept.
  public var evidence: SHA256Digest?
}

/// Who is told what enforcement finds. Called on the loop's thread; must not block.
public protocol EnforcementSink: AnyObject {
  /// Returns the id of the incident that the drift counts in.
  @discardableResult
  func found(_ drift: Drift) -> String
  /// Drift that was said to stand is gone without a restore.
  func settled(_ path: String)
  /// A target that was noisy is calm again.
  func calmed(_ path: String)
  /// Something other than a target needs a person's attention.
  func degraded(_ finding: Finding, path: String)
}

/// What a sweep came to.
public struct SweepResult: Sendable {
  /// How many targets there were to look at.
  public var total = 0
  public var checked = 0
  public var drifted = 0
  public var restored = 0
  public var failures: [String] = []
  public var microseconds = 0

  public init() {}
}
