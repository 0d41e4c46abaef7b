import CLinux
import Glibc

/// What this process is and may do.
public enum Process {
  public static var uid: UInt32 { geteuid() }

  /// Whether it may give files to other users, as a restore of root's file needs.
  public static var mayGiveFilesAway: Bool { cl_may_give_files_away() != 0 }

  /// No core dump and no tracing by the same user: memory holds users' files.
  public static func forbidDumps() { _ = cl_forbid_dumps() }

  /// One heap for all threads. To be called before the first of them.
  public static func shareHeap() { cl_share_heap() }

  /// Gives back memory that only the start needed. What runs next is mapped anew, so not again later.
  public static func giveMemoryBack() { cl_give_memory_back() }

  /// How many blocks this thread has had read from a disk.
  public static var blocksRead: Int { cl_blocks_read() }

  /// A crash leaves one line on the standard error: the signal, the thread, and where in the program.
  public static func tellCrashes(of program: String) { cl_tell_crashes(program) }

  /// A write to a peer that is gone is an error, not the end.
  public static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
}

extension Descriptor {
  /// Takes the lock on this file or folder until the descriptor closes; false if another has it.
  public func lock() throws(SystemError) -> Bool {
    let result = cl_lock(number)
    if result == -EWOULDBLOCK { return false }
    _ = try checked(result, "flock")
    return true
  }
}
