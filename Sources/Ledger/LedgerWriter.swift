import Glibc
import Linux
import MCPConfig

/// The door to the ledger: records go in and never wait. A thread of its own writes them.
public final class LedgerWriter: Sendable {
  /// What an operator should know of.
  public enum Event: Sendable {
    /// Nothing can be written; what comes waits, and is tried again.
    case fails(SystemError)
    /// Everything that waited is written.
    case works
    /// A file couldn't be compressed or removed.
    case choreFailed(SystemError)
    /// These were taken away while they were written to, or others stand in their place.
    case lost(String)
    /// Retention took a file away. The head of the record that says so should leave the host soon.
    case removed(String)
  }

  /// How the ledger was found.
  public let opening: LedgerOpening
  private let queue: LedgerQueue
  private let shared: LedgerShared
  private let thread: WorkerThread
  private let hasEnded = Latch()

  public static let capacity = 4096
  static let weightLimit = 8 << 20

  /// Looks at the end of the ledger and goes on from there. Whatever is found there, and be it nothing: a
  /// ledger that can't be written is told, and tried again.
  /// - Parameters:
  ///   - path: the ledger's folder, made where it is missing.
  ///   - markFolder: where the head is noted beside the ledger; nil for nowhere.
  ///   - hasRecords: whether this host must have a record.
  public init(
    path: FilePath, markFolder: FilePath? = nil, hasRecords: Bool = false, host: String,
    retentionDays: Int
  ) throws(SystemError) {
    let mark = markFolder.flatMap(LedgerMark.read)
    let earlier = LedgerOpening.Earlier(mark: mark, hasRecords: hasRecords)
    let found = Self.open(path, earlier)
    opening = found.opening
    let queue = try LedgerQueue(capacity: Self.capacity, weightLimit: Self.weightLimit)
    let shared = try LedgerShared(head: found.opening.head, retentionDays: retentionDays)
    let start = LedgerStart(
      LedgerStore(
        path: path, place: found.place, host: host, head: found.opening.head,
        current: found.current))
    let hasEnded = hasEnded
    thread = try WorkerThread(name: "ledger") {
      guard let store = start.take() else { return }
      var work = LedgerWork(
        store: store, queue: queue, shared: shared, markFolder: markFolder)
      work.run()
      hasEnded.set()
    }
    self.queue = queue
    self.shared = shared
  }

  private static func open(
    _ path: FilePath, _ earlier: LedgerOpening.Earlier
  ) -> (opening: LedgerOpening, place: LedgerStore.Place?, current: LedgerFolder.Current?) {
    var place: LedgerStore.Place?
    do throws(SystemError) {
      let opened = try LedgerStore.Place(path)
      place = opened
      opened.ledger.removeUnfinished()
      let mended = opened.mendPermissions()
      var found = try opened.ledger.opened(earlier)
      found.opening.mended = mended
      return (found.opening, opened, found.current)
    } catch {
      var opening = LedgerOpening()
      opening.complaint = "it can't be read (\(error.reason))"
      opening.hold(against: earlier)
      return (opening, place, nil)
    }
  }

  /// Tells it. What there is no room for is counted, and told when there is.
  public func append(_ kind: LedgerKind, _ data: JSON, at time: WallTime = .now) {
    queue.send(.draft(LedgerDraft(kind, data, at: time)))
  }

  /// Tells what is made on the writer's thread, because it takes long.
  public func append(
    _ kind: LedgerKind, at time: WallTime = .now, later make: @escaping @Sendable () -> [JSON]
  ) {
    queue.send(.deferred { make().map { LedgerDraft(kind, $0, at: time) } })
  }

  /// The last record that is durable.
  public var head: LedgerHead { shared.durable }
  /// Records that wait, and the most that ever did.
  public var waiting: Int { queue.count }
  public var highWater: Int { queue.highWater }
  /// Records that there was no room for.
  public var dropped: Int { queue.dropped }

  public func setRetention(days: Int) { shared.setRetention(days: days) }

  /// What becomes readable when there is an event.
  public var wakeup: Int32 { shared.wakeup }
  public func takeEvents() -> [Event] { shared.takeEvents() }

  /// Ends the thread once everything is durable, but waits no longer than that many seconds.
  /// - Returns: how many records are lost.
  public func finish(seconds: Double) -> Int {
    queue.close()
    let deadline = MonotonicTime.now.advanced(bySeconds: seconds)
    while !hasEnded.isSet, MonotonicTime.now < deadline { usleep(1000) }
    if hasEnded.isSet { thread.join() }
    return queue.count
  }
}

extension LedgerFolder {
  /// Clears away what a compression left that was cut off. On a read-only disk it stays, and harms
  /// nothing.
  func removeUnfinished() {
    for name in (try? folder.names(limit: 1024, where: Descriptor.isUnfinished)) ?? [] {
      try? folder.unlink(name)
    }
  }
}
