import Linux
import MCPConfig
import Policy

/// The changes of what holds: all counted, and as many as someone reads told one by one.
struct ChangeTally {
  struct Entry {
    var at: WallTime
    var host: ByteString
    var change: ChangeEntry
  }

  private(set) var entries: [Entry] = []
  private(set) var counts = BoundedCounts(limit: 200)
  private(set) var notListed = 0

  static let listed = 1000

  mutating func add(_ change: ChangeEntry, at time: WallTime, host: ByteString) {
    counts.add(change.change, .low, 1)
    // Reloads say nothing but that they were.
    guard change.change != "policy-reloaded" else { return }
    if entries.count < Self.listed {
      entries.append(Entry(at: time, host: host, change: change))
    } else {
      notListed += 1
    }
  }

  func count(_ change: String) -> Int { counts.counts[ByteString(change)]?.total ?? 0 }
}
