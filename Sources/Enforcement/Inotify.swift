import CInotifyTools
import Glibc
import Linux

/// What the kernel says happened in a watched folder. A hint, never an incident.
struct FolderEvent {
  var watch: WatchID
  var mask: UInt32
  /// The entry of the folder; empty when the folder itself is meant.
  var name: UnsafeRawBufferPointer

  var isOverflow: Bool { mask & UInt32(IN_Q_OVERFLOW) != 0 }
  /// The watch is gone: its folder was removed or unmounted.
  var endsWatch: Bool { mask & UInt32(IN_IGNORED) != 0 }
  /// The folder itself was moved, removed or unmounted.
  var isAboutFolder: Bool { name.isEmpty }
  var isArrival: Bool { mask & UInt32(IN_CREATE | IN_MOVED_TO | IN_ATTRIB) != 0 }
  var isDeparture: Bool { mask & UInt32(IN_DELETE | IN_MOVED_FROM) != 0 }
}

/// The kernel's number of a watch (`wd`).
typealias WatchID = Int32

/// A source of folder events.
protocol FolderWatching: AnyObject {
  /// What becomes readable when an event waits; nil where none ever does.
  var readiness: Int32? { get }
  var adder: WatchAdder { get }
  func forget(_ watch: WatchID)
  /// Calls `body` for at most `limit` waiting events; false when more may wait.
  func drain(limit: Int, _ body: (FolderEvent) -> Void) -> Bool
}

/// Adds watches, from any thread.
struct WatchAdder: Sendable {
  /// The queue, or why there is none.
  fileprivate let inotify: Result<Int32, SystemError>

  /// What a folder on the way tells: entries that come, go or change owner and mode.
  static let structure = UInt32(
    IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF
      | IN_MOVE_SELF | IN_ONLYDIR | IN_MASK_ADD)
  /// What the folder of the file tells: also its content.
  static let content = structure | UInt32(IN_MODIFY | IN_CLOSE_WRITE)

  /// Watches what the descriptor holds, whatever its name has become since it was opened.
  func watch(_ folder: borrowing Descriptor, _ mask: UInt32) throws(SystemError) -> WatchID {
    let queue = try inotify.get()
    let watch = folder.procPath.withCString { inotify_add_watch(queue, $0, mask) }
    if watch < 0 { throw SystemError("inotify_add_watch", errno: errno) }
    return watch
  }
}

/// libinotifytools, as far as it is sound: it owns the queue, reads it and tells the limits.
///
/// Watches are added and removed on its descriptor directly: its own map from path to watch keeps
/// the first of two watches of one path and never forgets one whose folder is gone, which a user's
/// create-and-delete loop would let grow without bound. The library holds one queue a process and
/// isn't thread-safe, so this class must be made once, before any thread, and used on one thread.
final class Inotify: FolderWatching {
  var readiness: Int32? { queue }
  let adder: WatchAdder
  private let queue: Int32

  init() throws(SystemError) {
    // The library tells no descriptor: it takes the lowest free number, which is this one.
    let probe = try Descriptor.open(trusted: "/dev/null")
    let lowestFree = probe.number
    _ = consume probe
    guard inotifytools_initialize() != 0 else {
      throw SystemError("inotify_init", errno: inotifytools_error())
    }
    let kind = try? Descriptor.open(trusted: "/proc/self/fd", O_RDONLY)
      .symlinkText(FilePath("\(lowestFree)"))
    guard kind == Array("anon_inode:inotify".utf8) else {
      throw SystemError("inotify_init", "descriptor \(lowestFree)", errno: EBADF)
    }
    try Descriptor.makeNonblocking(lowestFree)
    queue = lowestFree
    adder = WatchAdder(inotify: .success(lowestFree))
  }

  func forget(_ watch: WatchID) {
    inotify_rm_watch(queue, watch)
  }

  func drain(limit: Int, _ body: (FolderEvent) -> Void) -> Bool {
    for _ in 0..<limit {
      guard let event = inotifytools_next_events(0, 1) else { return true }
      body(Self.folderEvent(event))
    }
    return false
  }

  /// The kernel pads the name with NULs to a multiple of the header's size.
  private static func folderEvent(_ event: UnsafeMutablePointer<inotify_event>) -> FolderEvent {
    let start = UnsafeRawPointer(event) + MemoryLayout<inotify_event>.size
    let padded = UnsafeRawBufferPointer(start: start, count: Int(event.pointee.len))
    return FolderEvent(
      watch: event.pointee.wd, mask: event.pointee.mask,
      name: UnsafeRawBufferPointer(rebasing: padded.prefix { $0 != 0 }))
  }
}

/// The kernel's limits on watching, for messages and metrics.
public enum WatchLimits {
  public static var watchesPerUser: Int { Int(inotifytools_get_max_user_watches()) }
  public static var instancesPerUser: Int { Int(inotifytools_get_max_user_instances()) }
}

/// The process's one source of folder events, to be made before any thread.
public final class FolderWatcher {
  let events: any FolderWatching

  /// Never fails for want of a queue: the host may have no inotify instance left, and sweeps find
  /// what no event tells.
  public init() {
    do throws(SystemError) {
      events = try Inotify()
    } catch {
      events = NoEvents(reason: error)
    }
  }
}

/// Stands in where the kernel gives no queue.
private final class NoEvents: FolderWatching {
  let readiness: Int32? = nil
  let adder: WatchAdder

  init(reason: SystemError) {
    adder = WatchAdder(inotify: .failure(reason))
  }

  func forget(_ watch: WatchID) {}
  func drain(limit: Int, _ body: (FolderEvent) -> Void) -> Bool { true }
}
