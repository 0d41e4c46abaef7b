import Glibc

/// Rings when something in one folder that only root can change was put in place or taken away. What
/// it was, a look at the folder finds out.
///
/// It has a queue of its own: a user's flood of events in a home can't drown it.
public struct FolderBell: ~Copyable {
  private let queue: Descriptor
  private var watch: Int32?

  private static let events = UInt32(
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ATTRIB
      | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

  public init() throws(SystemError) {
    let number = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
    queue = Descriptor(owning: try checkedByErrno(number, "inotify_init"))
  }

  /// What becomes readable when it rings.
  public var readiness: Int32 { queue.number }

  /// Follows the folder of that name as it is now; nil for none. Asked again and again it costs one
  /// system call, and finds a folder that took the place of another.
  public mutating func follow(_ folder: FilePath?) {
    var new: Int32?
    if let folder {
      let number = folder.withCString { inotify_add_watch(queue.number, $0, Self.events) }
      if number >= 0 { new = number }
    }
    if let watch, watch != new { inotify_rm_watch(queue.number, watch) }
    watch = new
  }

  /// Takes everything that waits.
  public mutating func silence() {
    while let bytes = try? queue.readSome(upTo: 4096), !bytes.isEmpty {}
  }
}
