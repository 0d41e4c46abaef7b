import Linux
import MCPConfig
import Synchronization

/// Drafts on their way to the writer's thread. What doesn't fit is refused and counted; what is being
/// written stays until it is durable, so that a write that failed can be made again.
final class LedgerQueue: Sendable {
  enum Element: Sendable {
    case draft(LedgerDraft)
    /// What takes too long to make on the sender's thread.
    case deferred(@Sendable () -> [LedgerDraft])

    /// Bytes that it takes, about.
    var weight: Int {
      switch self {
      case .draft(let draft): draft.data.count + 64
      case .deferred: 4096
      }
    }
  }

  private struct State {
    var elements: [Element] = []
    var weight = 0
    var isClosed = false
    var highWater = 0
    /// Refused since the last record of it, and in all.
    var untold = 0
    var dropped = 0
  }

  private let capacity: Int
  private let weightLimit: Int
  private let state = Mutex(State())
  private let available: EventCounter

  init(capacity: Int, weightLimit: Int) throws(SystemError) {
    self.capacity = capacity
    self.weightLimit = weightLimit
    available = try EventCounter(blocking: false)
  }

  var count: Int { state.withLock { $0.elements.count } }
  var highWater: Int { state.withLock { $0.highWater } }
  var dropped: Int { state.withLock { $0.dropped } }
  var isClosed: Bool { state.withLock { $0.isClosed } }

  func send(_ element: Element) {
    state.withLock { state in
      guard !state.isClosed, state.elements.count < capacity,
        state.weight + element.weight <= weightLimit
      else {
        state.untold += 1
        state.dropped += 1
        return
      }
      state.elements.append(element)
      state.weight += element.weight
      state.highWater = max(state.highWater, state.elements.count)
    }
    available.raise()
  }

  /// No more is taken, and the writer goes on without pauses.
  func close() {
    state.withLock { $0.isClosed = true }
    available.raise()
  }

  // MARK: The writer's side

  /// Waits for something new, but not longer than that many seconds.
  func wait(seconds: Double?) {
    available.wait(seconds: seconds)
    available.take()
  }

  /// Drafts from that place on, without taking them; records of what was refused come behind what was
  /// there before it.
  func drafts(from index: Int, limit: Int) -> [LedgerDraft] {
    while true {
      let (drafts, deferred) = look(from: index, limit: limit)
      guard drafts.isEmpty, let deferred else { return drafts }
      // Senders only add at the end, so the place stays.
      let made = deferred()
      state.withLock { state in
        state.elements.replaceSubrange(index...index, with: made.map { .draft($0) })
        state.weight = state.elements.reduce(0) { $0 + $1.weight }
      }
    }
  }

  private func look(
    from index: Int, limit: Int
  ) -> (drafts: [LedgerDraft], deferred: (@Sendable () -> [LedgerDraft])?) {
    state.withLock { state in
      if state.untold > 0, state.elements.count < capacity {
        let drops: JSON = ["what": "ledger", "count": .int(state.untold)]
        let element = Element.draft(LedgerDraft(.drops, drops))
        state.elements.append(element)
        state.weight += element.weight
        state.untold = 0
      }
      var drafts: [LedgerDraft] = []
      var weight = 0
      for element in state.elements.dropFirst(index).prefix(limit) {
        guard case .draft(let draft) = element else {
          if case .deferred(let deferred) = element, drafts.isEmpty { return ([], deferred) }
          break
        }
        weight += element.weight
        if !drafts.isEmpty, weight > LedgerStore.batchSize { break }
        drafts.append(draft)
      }
      return (drafts, nil)
    }
  }

  /// Takes the first so many away: they are durable.
  func remove(_ count: Int) {
    state.withLock { state in
      state.weight -= state.elements.prefix(count).reduce(0) { $0 + $1.weight }
      state.elements.removeFirst(count)
    }
  }
}
