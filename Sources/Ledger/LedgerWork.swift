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
  /// Where the head is noted beside the ledger, and when it is the next time.
  private let markFolder: FilePath?
  private var markDue = MonotonicTime.now
  private var lookDue = MonotonicTime.now

  /// Seconds.
  private static let syncDelay = 0.1
  private static let firstPause = 1.0
  private static let longestPause = 30.0
  private static let batch = 256
  private static let markPause = 3600.0
  /// Between two looks whether the files are still those that are written to.
  private static let lookPause = 60.0

  init(
    store: consuming LedgerStore, queue: LedgerQueue, shared: LedgerShared, markFolder: FilePath?
  ) {
    self.store = store
    self.markFolder = markFolder
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
      queue.wait(seconds: Self.seconds(until: syncDue ?? lookDue))
    }
  }

  /// - Returns: whether there is more to do at once.
  private mutating func step(_ isClosed: Bool) throws(SystemError) -> Bool {
    let drafts = queue.drafts(from: written, limit: Self.batch)
    if let first = drafts.first {
      if noticeLoss() { return true }
      if !store.takes(first.at) {
        try settle()
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
      if noticeLoss() { return true }
      try settle()
    } else if lookDue <= .now, noticeLoss() {
      return true
    }
    if !isClosed, mayHaveChores, !store.hasUnsynced { return try doChore() }
    return false
  }

  /// Before anything is written or made durable: what isn't durable yet is then written again, where it can be
  /// found.
  private mutating func noticeLoss() -> Bool {
    lookDue = MonotonicTime.now.advanced(bySeconds: Self.lookPause)
    guard let lost = store.noticeLoss() else { return false }
    if !store.hasUnsynced {
      written = 0
      syncDue = nil
    }
    shared.tell(.lost(lost))
    return true
  }

  private var isSyncDue: Bool { syncDue.map { $0 <= .now } == true }

  private mutating func settle() throws(SystemError) {
    try store.sync()
    queue.remove(written)
    written = 0
    syncDue = nil
    if store.headIsBehind { try store.writeHead() }
    shared.publish(store.durable)
    noteMark()
  }

  /// Without it, the next start knows less, and nothing else.
  private mutating func noteMark() {
    guard let markFolder, store.durable.seq > 0, queue.isClosed || markDue <= .now else { return }
    markDue = MonotonicTime.now.advanced(bySeconds: Self.markPause)
    try? LedgerMark.write(store.durable, in: markFolder)
  }

  private mutating func doChore() throws(SystemError) -> Bool {
    let retentionDays = shared.retentionDays
    guard let chore = try store.nextChore(retentionDays: retentionDays) else {
      mayHaveChores = false
      return false
    }
    do throws(LedgerStore.ChoreFailure) {
      try store.run(chore, retentionDays: retentionDays) { queue.isClosed }
    } catch {
      // Tried again when the next file begins.
      mayHaveChores = false
      if case .system(let error) = error { shared.tell(.choreFailed(error)) }
      return true
    }
    shared.publish(store.durable)
    if case .remove(let name) = chore { shared.tell(.removed(name.text)) }
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
