import Glibc
import Linux
import Metrics
import Synchronization

/// The file in which a collector finds the metrics, written by a thread of its own: the folder may be
/// on a disk that takes nothing.
///
/// Used on the loop's thread.
final class MetricsOutput {
  private enum Job: Sendable {
    case write(String, MetricsPlace)
    case remove(MetricsPlace)
  }

  private let root: FilePath
  private var place: MetricsPlace?
  private var schedule = WriteSchedule()
  private var worker: Worker?

  /// The thread, from the first file on.
  private final class Worker: Sendable {
    let jobs: BoundedQueue<Job>
    let ended = Latch()
    /// Written by the thread, read by the loop.
    let failure = Mutex<SystemError?>(nil)

    init() throws(SystemError) {
      jobs = try BoundedQueue(capacity: 16, blocking: true)
    }
  }

  init(root: FilePath) {
    self.root = root
  }

  /// Why the file isn't what it should be; nil if it is, or there is none.
  var failure: SystemError? {
    guard place != nil else { return nil }
    return worker.map { $0.failure.withLock { $0 } } ?? SystemError("thread", errno: EAGAIN)
  }

  var nextDeadline: MonotonicTime? { schedule.due.map(MonotonicTime.init(nanoseconds:)) }

  /// Takes another file into use, or none; the one before is removed.
  func use(_ file: String?) {
    let new = file.map { MetricsPlace(root: root, path: $0) }
    guard new != place else { return }
    if let place { send(.remove(place)) }
    place = new
    if worker == nil, new != nil { start() }
    // The first of a new file comes with the next change.
    schedule = WriteSchedule()
  }

  /// What is told changed: it is to be written in a while.
  func changed() {
    if place != nil { schedule.changed(at: MonotonicTime.now.nanoseconds) }
  }

  /// Hands over what `text` makes, if that is due.
  func work(now: MonotonicTime, _ text: () -> String) {
    guard schedule.take(at: now.nanoseconds), let place else { return }
    // While a disk takes nothing, figures that get old aren't piled up, and removing has its place.
    guard let worker, worker.jobs.count < Self.mostWaiting else { return changed() }
    send(.write(text(), place))
  }

  private static let mostWaiting = 2

  /// Removes the file: a collector would tell for ever what was true of a daemon that is gone.
  func finish(seconds: Double) {
    use(nil)
    guard let worker else { return }
    worker.jobs.close()
    let deadline = MonotonicTime.now.advanced(bySeconds: seconds)
    while !worker.ended.isSet, MonotonicTime.now < deadline { usleep(1000) }
  }

  private func start() {
    guard let worker = try? Worker() else { return }
    let thread = try? WorkerThread(name: "metrics") {
      while let job = worker.jobs.receive() {
        let error = Self.run(job)
        worker.failure.withLock { $0 = error }
      }
      worker.ended.set()
    }
    if thread != nil { self.worker = worker }
  }

  private func send(_ job: Job) { _ = worker?.jobs.send(job) }

  private static func run(_ job: Job) -> SystemError? {
    do throws(SystemError) {
      switch job {
      case .write(let text, let place): try place.write(Array(text.utf8))
      case .remove(let place): try place.remove()
      }
      return nil
    } catch {
      return error
    }
  }
}

/// A file that a collector reads. Its folder may be another user's, who must not lead the daemon
/// elsewhere: no symlink is followed on the way, and the file is replaced, never opened.
struct MetricsPlace: Hashable, Sendable {
  var root: FilePath
  /// Absolute, on the host.
  var path: String

  func write(_ bytes: [UInt8]) throws(SystemError) {
    let place = try open()
    try place.folder.writeAtomically(place.name, bytes, permissions: 0o644)
  }

  func remove() throws(SystemError) {
    let place = try open()
    do throws(SystemError) {
      try place.folder.unlink(place.name)
    } catch {
      if error.errno != ENOENT { throw error }
    }
  }

  private func open() throws(SystemError) -> Place {
    var components = path.utf8.split(separator: UInt8(ascii: "/")).map { FilePath($0)! }
    let name = components.removeLast()
    var folder = try Descriptor.open(trusted: root, O_RDONLY | O_DIRECTORY)
    for component in components {
      do throws(SystemError) {
        folder = try folder.open(component, O_RDONLY | O_DIRECTORY)
      } catch {
        throw SystemError(error.operation, path, errno: error.errno)
      }
    }
    return Place(folder: folder, name: name)
  }

  private struct Place: ~Copyable {
    var folder: Descriptor
    var name: FilePath
  }
}
