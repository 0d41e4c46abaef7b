import Policy

/// Incidents by severity.
public struct SeverityCounts: Hashable, Sendable {
  public var critical = 0
  public var high = 0
  public var medium = 0
  public var low = 0

  public init() {}

  public var total: Int { critical + high + medium + low }

  public subscript(_ severity: Severity) -> Int {
    get {
      switch severity {
      case .critical: critical
      case .high: high
      case .medium: medium
      case .low: low
      }
    }
    set {
      switch severity {
      case .critical: critical = newValue
      case .high: high = newValue
      case .medium: medium = newValue
      case .low: low = newValue
      }
    }
  }

  static func += (left: inout SeverityCounts, right: SeverityCounts) {
    left.critical += right.critical
    left.high += right.high
    left.medium += right.medium
    left.low += right.low
  }
}
