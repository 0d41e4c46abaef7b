import Linux

/// Targets that may have changed, each at most once and in the order of the first hint.
///
/// A user's targets are as few as the policy has, so taking turns by target is taking turns by user:
/// a thousand events of one user wait behind nobody's only one. What a sweep wants looked at comes
/// after what an event does.
struct DirtyTargets {
  private var hinted = MarkedQueue()
  private var swept = MarkedQueue()

  struct Mark {
    var target: TargetID
    /// When the first hint came.
    var since: MonotonicTime
  }

  var isEmpty: Bool { hinted.isEmpty && swept.isEmpty }
  var count: Int { hinted.count + swept.count }
  /// The most that ever waited.
  private(set) var highWater = 0

  mutating func mark(_ target: TargetID, at time: MonotonicTime) {
    hinted.append(target, time)
    highWater = max(highWater, count)
  }

  mutating func markForSweep(_ target: TargetID, at time: MonotonicTime) {
    swept.append(target, time)
    highWater = max(highWater, count)
  }

  mutating func next() -> Mark? {
    hinted.popFirst() ?? swept.popFirst()
  }

  mutating func remove(_ target: TargetID) {
    hinted.remove(target)
    swept.remove(target)
  }
}

/// First in, first out, each once.
private struct MarkedQueue {
  private var order: [TargetID] = []
  private var head = 0
  private var since: [TargetID: MonotonicTime] = [:]

  var isEmpty: Bool { since.isEmpty }
  var count: Int { since.count }

  mutating func append(_ target: TargetID, _ time: MonotonicTime) {
    guard since[target] == nil else { return }
    since[target] = time
    order.append(target)
  }

  mutating func popFirst() -> DirtyTargets.Mark? {
    while head < order.count {
      let target = order[head]
      head += 1
      if let time = since.removeValue(forKey: target) {
        compact()
        return DirtyTargets.Mark(target: target, since: time)
      }
    }
    compact()
    return nil
  }

  mutating func remove(_ target: TargetID) {
    since[target] = nil
  }

  private mutating func compact() {
    if head == order.count {
      order.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 1024, head * 2 > order.count {
      order.removeFirst(head)
      head = 0
    }
  }
}

/// A target's number for as long as the daemon runs.
public typealias TargetID = Int
