import Linux
import Synchronization

/// The writer's side of its thread.
///
/// A record is written at once, so that a crash can't lose it, and made durable together with those
/// that come in the same moment.
struct LedgerWork: ~Copyable {
  private var store: LedgerStore
  private let queue: LedgerQueue
  private let shared: LedgerShared
  /// Of the queue's first drafts, how many are written.
  private var written = 0
  private var syncDue: MonotonicTime?
  private var retryAt: MonotonicTime?
  private var pause = Self.firstPause
  private var isFailing = false
  private var mayHaveChores = true

  /// Seconds.
  private static let syncDelay = 0.1
  private static let firstPause = 1.0
  private static let longestPause = 30.0
  private static let batch = 256

  init(store: consuming LedgerStore, queue: LedgerQueue, shared: LedgerShared) {
    self.store = store
    self.queue = queue
    self.shared = shared
  }

  /// Until the queue is closed and empty.
  mutating func run() {
    while true {
      if let retryAt, !queue.isClosed, retryAt > .now {
        queue.wait(seconds: Self.seconds(until: retryAt))
        continue
      }
      let isClosed = queue.isClosed
      do throws(SystemError) {
        if try step(isClosed) { continue }
        succeed()
      } catch {
        fail(error)
        // There is no time for another try.
        if isClosed { return }
        continue
      }
      if isClosed { return }
      queue.wait(seconds: syncDue.map(Self.seconds))
    }
  }

  /// - Returns: whether there is more to do at once.
  private mutating func step(_ isClosed: Bool) throws(SystemError) -> Bool {
    let drafts = queue.drafts(from: written, limit: Self.batch)
    if let first = drafts.first {
      if !store.takes(first.at) {
        try settle()
        if let lost = store.noticeLoss() { shared.tell(.lost(lost)) }
        try store.beginFile(for: first.at)
        mayHaveChores = true
      }
      let fitting = drafts.prefix { store.takes($0.at) }
      // The first record of a file decides its day.
      let batch = store.isEmpty ? fitting.prefix(1) : fitting
      try store.write(batch)
      written += batch.count
      syncDue = syncDue ?? MonotonicTime.now.advanced(bySeconds: Self.syncDelay)
      if store.unsyncedBytes > LedgerStore.batchSize || isSyncDue { try settle() }
      return true
    }
    if isClosed || isSyncDue || store.headIsBehind {
      try settle()
      if let lost = store.noticeLoss() {
        shared.tell(.lost(lost))
        return true
      }
    }
    if !isClosed, mayHaveChores, !store.hasUnsynced { return try doChore() }
    return false
  }

  private var isSyncDue: Bool { syncDue.map { $0 <= .now } == true }

  private mutating func settle() throws(SystemError) {
    try store.sync()
    queue.remove(written)
    written = 0
    syncDue = nil
    if store.headIsBehind { try store.writeHead() }
    shared.publish(store.durable)
  }

  private mutating func doChore() throws(SystemError) -> Bool {
    guard let chore = try store.nextChore(retentionDays: shared.retentionDays) else {
      mayHaveChores = false
      return false
    }
    do throws(LedgerStore.ChoreFailure) {
      try store.run(chore) { queue.isClosed }
    } catch {
      // Tried again when the next file begins.
      mayHaveChores = false
      if case .system(let error) = error { shared.tell(.choreFailed(error)) }
      return true
    }
    shared.publish(store.durable)
    return true
  }

  private mutating func succeed() {
    retryAt = nil
    pause = Self.firstPause
    guard isFailing, written == 0 else { return }
    isFailing = false
    shared.tell(.works)
  }

  private mutating func fail(_ error: SystemError) {
    store.rollBack()
    written = 0
    syncDue = nil
    retryAt = MonotonicTime.now.advanced(bySeconds: pause)
    pause = min(pause * 2, Self.longestPause)
    if !isFailing {
      isFailing = true
      shared.tell(.fails(error))
    }
  }

  private static func seconds(until time: MonotonicTime) -> Double {
    Double(time.nanoseconds - MonotonicTime.now.nanoseconds) / 1e9
  }
}

/// What the writer's thread tells others.
final class LedgerShared: Sendable {
  private let head: Mutex<LedgerHead>
  private let days: Atomic<Int>
  private let events: BoundedQueue<LedgerWriter.Event>

  init(head: LedgerHead, retentionDays: Int) throws(SystemError) {
    self.head = Mutex(head)
    days = Atomic(retentionDays)
    events = try BoundedQueue(capacity: 256, blocking: false)
  }

  var durable: LedgerHead { head.withLock { $0 } }
  func publish(_ new: LedgerHead) { head.withLock { $0 = new } }

  var retentionDays: Int { days.load(ordering: .relaxed) }
  func setRetention(days new: Int) { days.store(new, ordering: .relaxed) }

  var wakeup: Int32 { events.wakeup }
  /// One that has no room is the same as one that waits.
  func tell(_ event: LedgerWriter.Event) { _ = events.send(event) }
  func takeEvents() -> [LedgerWriter.Event] { events.takeAll() }
}

/// Hands the store over to the thread that then owns it.
final class LedgerStart: Sendable {
  private let store: Mutex<LedgerStore?>

  init(_ store: consuming sending LedgerStore) {
    self.store = Mutex(store)
  }

  func take() -> LedgerStore? {
    store.withLock { $0.take() }
  }
}
