import MCPConfig
import Policy

/// Incidents by a name that others choose: the sum is always right, and so is each name's count while
/// there are no more names than there is room for.
///
/// A user can make servers of as many names as they like. When the room is full, the half with the
/// smallest counts goes into one sum, so a flood of names that come once drives out no name that
/// comes often.
public struct BoundedCounts: Sendable {
  public static let usualLimit = 20_000

  public private(set) var counts: [ByteString: SeverityCounts] = [:]
  /// Of the names that had to go.
  public private(set) var others = SeverityCounts()
  private let limit: Int

  public init(limit: Int = BoundedCounts.usualLimit) {
    self.limit = limit
  }

  /// Whether a count may be too small, and a name may be missing.
  public var isCut: Bool { others.total > 0 }

  public mutating func add(_ name: ByteString, _ severity: Severity, _ count: Int) {
    counts[name, default: SeverityCounts()][severity] += count
    if counts.count > limit { makeRoom() }
  }

  private mutating func makeRoom() {
    let sorted = sorted()
    for (name, lost) in sorted[(limit / 2)...] {
      others += lost
      counts[name] = nil
    }
  }

  /// The largest first, and names of one count in the order of their bytes.
  public func sorted() -> [(name: ByteString, counts: SeverityCounts)] {
    counts.map { (name: $0.key, counts: $0.value) }.sorted {
      ($1.counts.total, $0.name) < ($0.counts.total, $1.name)
    }
  }
}
