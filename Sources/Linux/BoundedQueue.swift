import Synchronization

/// A queue between two threads that never makes the sender wait: what doesn't fit is refused.
public final class BoundedQueue<Element: Sendable>: Sendable {
  private let capacity: Int
  private let state = Mutex(State())
  private let available: EventCounter

  private struct State {
    var elements: [Element?] = []
    /// Where the first element that waits is: moving all of them up for each taken would hold the
    /// senders' lock.
    var head = 0
    var closed = false
    var highWater = 0

    var count: Int { elements.count - head }

    private static var movedAtOnce: Int { 64 }
    /// Room for more than this isn't kept once a burst is over.
    private static var keptCapacity: Int { 256 }

    mutating func giveBack() {
      if elements.isEmpty, elements.capacity > Self.keptCapacity { elements = [] }
    }

    mutating func takeFirst() -> Element? {
      guard head < elements.count else { return nil }
      let element = elements[head]
      elements[head] = nil
      head += 1
      if head == elements.count || head > Self.movedAtOnce, head * 2 > elements.count {
        elements.removeFirst(head)
        head = 0
        giveBack()
      }
      return element
    }
  }

  /// - Parameter blocking: whether `receive` waits; else the receiver waits for `wakeup`.
  public init(capacity: Int, blocking: Bool) throws(SystemError) {
    self.capacity = capacity
    available = try EventCounter(blocking: blocking)
  }

  /// What becomes readable when something was sent.
  public var wakeup: Int32 { available.descriptor.number }

  /// The most that ever waited.
  public var highWater: Int { state.withLock { $0.highWater } }

  public var count: Int { state.withLock { $0.count } }

  /// False if the queue is full or closed.
  public func send(_ element: Element) -> Bool {
    let sent = state.withLock { state in
      guard !state.closed, state.count < capacity else { return false }
      state.elements.append(element)
      state.highWater = max(state.highWater, state.count)
      return true
    }
    if sent { available.raise() }
    return sent
  }

  /// Ends the receiver once it has taken what was sent before.
  public func close() {
    state.withLock { $0.closed = true }
    available.raise()
  }

  /// The next element, waited for; nil once closed and empty. For a blocking queue.
  public func receive() -> Element? {
    while true {
      available.take()
      let (element, closed) = state.withLock { state in
        (state.takeFirst(), state.closed)
      }
      if let element { return element }
      if closed {
        // Wakes the next receiver of several.
        available.raise()
        return nil
      }
    }
  }

  /// All that waits. For a queue that doesn't block.
  public func takeAll() -> [Element] {
    available.take()
    return state.withLock { state in
      let elements = state.elements[state.head...].compactMap { $0 }
      state.elements.removeAll(keepingCapacity: true)
      state.head = 0
      state.giveBack()
      return elements
    }
  }
}
