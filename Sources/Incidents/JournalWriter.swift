import CSystemd
import Glibc
import Linux
import MCPConfig

/// Hands records to journald on a thread of its own: `sd_journal_sendv` waits without limit when
/// journald stalls, and enforcement must not.
public final class JournalWriter: Sendable {
  private let queue: BoundedQueue<JournalRecord>
  private let thread: WorkerThread

  public static let capacity = 4096

  public convenience init() throws(SystemError) {
    try self.init(send: Self.write)
  }

  /// - Parameter send: takes the place of the journal in tests; may block.
  init(send: @escaping @Sendable (JournalRecord) -> Void) throws(SystemError) {
    let queue = try BoundedQueue<JournalRecord>(capacity: Self.capacity, blocking: true)
    thread = try WorkerThread(name: "journal") {
      while let record = queue.receive() { send(record) }
    }
    self.queue = queue
  }

  /// False if too much waits: the record is lost, and the caller counts it.
  public func send(_ record: JournalRecord) -> Bool { queue.send(record) }

  public var waiting: Int { queue.count }
  public var highWater: Int { queue.highWater }

  /// Ends the thread once everything is written, but waits no longer than that many seconds.
  public func finish(seconds: Double) {
    queue.close()
    let deadline = MonotonicTime.now.advanced(bySeconds: seconds)
    while queue.count > 0, MonotonicTime.now < deadline { usleep(1000) }
    if queue.count == 0 { thread.join() }
  }

  private static func write(_ record: JournalRecord) {
    // libsystemd reports success where there is no journal to write to, so that is asked before and
    // after. A record may then be told twice, but not lost.
    if hasJournal, sendToJournal(record), hasJournal { return }
    let line = record.json.compactForm + [UInt8(ascii: "\n")]
    var rest = line[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return }
      rest = rest.dropFirst(written)
    }
  }

  private static var hasJournal: Bool { access("/run/systemd/journal/socket", W_OK) == 0 }

  private static func sendToJournal(_ record: JournalRecord) -> Bool {
    let fields = record.fields.map { Array("\($0.name)=\($0.value)".utf8) }
    let bytes = fields.flatMap { $0 }
    return bytes.withUnsafeBytes { buffer in
      var offset = 0
      let vectors = fields.map { field in
        defer { offset += field.count }
        return iovec(
          iov_base: UnsafeMutableRawPointer(mutating: buffer.baseAddress! + offset),
          iov_len: field.count)
      }
      return sd_journal_sendv(vectors, Int32(vectors.count)) >= 0
    }
  }
}
