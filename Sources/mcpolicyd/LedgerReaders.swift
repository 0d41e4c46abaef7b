import Control
import Ledger
import Linux
import MCPConfig

/// Peers that read the ledger. A thread of its own reads the files; each peer gets as much as it takes.
/// Used on the loop's thread.
final class LedgerReaders {
  private enum Job: Sendable {
    case open(Int, since: WallTime?)
    case next(Int)
    case close(Int)
  }

  private enum Result: Sendable {
    /// None are the end.
    case lines(Int, [[UInt8]])
    case failed(Int, SystemError)
  }

  private struct Stream {
    var uid: UInt32
    var responder: Responder
    /// Whether its peer is to take what was sent before there is more.
    var waits = false
  }

  private let folder: FilePath
  private let jobs: BoundedQueue<Job>
  private let results: BoundedQueue<Result>
  private var thread: WorkerThread?
  private var streams: [Int: Stream] = [:]
  private var counter = 0

  private static let limit = 4
  /// One who reads slowly leaves the other places to others.
  private static let limitPerUser = 2

  init(folder: FilePath) throws(SystemError) {
    self.folder = folder
    jobs = try BoundedQueue(capacity: 64, blocking: true)
    results = try BoundedQueue(capacity: 64, blocking: false)
  }

  /// What becomes readable when there is something for `handleResults`.
  var readiness: Int32 { results.wakeup }

  func read(_ call: ControlCall, since text: String?) {
    let since = text.map { WallTime(rfc3339: $0) }
    if case .some(nil) = since {
      return call.responder.fail(
        .invalid(Complaint("since: not a time such as 2026-01-31T18:00:00Z")))
    }
    let own = streams.values.count { $0.uid == call.actor.uid }
    guard own < Self.limitPerUser else {
      return call.responder.fail(
        .failed("busy: you read the ledger \(own) times already; try again when one has ended"))
    }
    guard streams.count < Self.limit else {
      return call.responder.fail(
        .failed("busy: \(streams.count) others read the ledger now; try again in a while"))
    }
    guard start() else { return call.responder.fail(.failed("there is no thread to read it")) }
    counter += 1
    let id = counter
    guard jobs.send(.open(id, since: since ?? nil)), jobs.send(.next(id)) else {
      return call.responder.fail(.failed("the ledger's disk doesn't answer"))
    }
    streams[id] = Stream(uid: call.actor.uid, responder: call.responder)
    call.responder.onClose = { [weak self] in self?.close(id) }
    call.responder.onDrained = { [weak self] in self?.goOn(id) }
  }

  /// The thread is made for the first reader.
  private func start() -> Bool {
    guard thread == nil else { return true }
    let (folder, jobs, results) = (folder, jobs, results)
    thread = try? WorkerThread(name: "ledger-read") {
      Self.run(folder, jobs, results)
    }
    return thread != nil
  }

  private func goOn(_ id: Int) {
    guard streams[id]?.waits == true else { return }
    streams[id]?.waits = false
    if !jobs.send(.next(id)) { end(id)?.fail(.failed("the ledger's disk doesn't answer")) }
  }

  private func close(_ id: Int) {
    streams[id] = nil
    _ = jobs.send(.close(id))
  }

  private func end(_ id: Int) -> Responder? {
    defer { close(id) }
    return streams[id]?.responder
  }

  func handleResults() {
    for result in results.takeAll() {
      switch result {
      case .lines(let id, let lines):
        let reply: JSON = ["lines": .array(lines.map { .bytes(ByteString($0)) })]
        if lines.isEmpty {
          end(id)?.reply(reply)
        } else {
          streams[id]?.waits = true
          streams[id]?.responder.continueWith(reply)
        }
      case .failed(let id, let error):
        end(id)?.fail(.failed("the ledger can't be read: \(error)"))
      }
    }
  }

  // MARK: The thread's side

  private static func run(
    _ folder: FilePath, _ jobs: BoundedQueue<Job>, _ results: BoundedQueue<Result>
  ) {
    var open: [Int: LedgerChunks] = [:]
    while let job = jobs.receive() {
      do throws(SystemError) {
        switch job {
        case .open(let id, let since):
          open[id] = try LedgerChunks(try LedgerFolder(path: folder), since: since)
        case .next(let id):
          guard let chunks = open[id] else { continue }
          _ = results.send(.lines(id, try chunks.next()))
        case .close(let id): open[id] = nil
        }
      } catch {
        switch job {
        case .open(let id, _), .next(let id), .close(let id):
          open[id] = nil
          _ = results.send(.failed(id, error))
        }
      }
    }
  }
}
