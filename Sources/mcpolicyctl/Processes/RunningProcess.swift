import Glibc
import Linux
import MCPConfig

/// A process as `/proc` shows it to the caller.
struct RunningProcess: Equatable {
  var pid: Int32
  var parent: Int32
  var uid: UInt32
  /// In ticks since boot: with the pid, one process and no other.
  var started: UInt64
  var words: [ByteString]
  /// The program it runs; nil if the caller may not see it.
  var program: ByteString?

  /// All that the caller may see and that have a command line, this process left out.
  static func all(proc: FilePath = "/proc") -> [RunningProcess] {
    guard let folder = try? Descriptor.open(trusted: proc, O_RDONLY | O_DIRECTORY),
      let names = try? folder.names()
    else { return [] }
    return names.compactMap { Int32($0.text) }.filter { $0 != getpid() }
      .compactMap { RunningProcess(pid: $0, proc: proc) }.sorted { $0.pid < $1.pid }
  }

  /// Nil if it is gone, or a thread of the kernel.
  init?(pid: Int32, proc: FilePath = "/proc") {
    guard
      let folder = try? Descriptor.open(
        trusted: proc.appending(FilePath("\(pid)")), O_RDONLY | O_DIRECTORY),
      let line = try? folder.readFile("cmdline", limit: 4 << 20), !line.isEmpty,
      let stat = try? folder.readFile("stat", limit: 1 << 16),
      let status = try? folder.readFile("status", limit: 1 << 16)
    else { return nil }
    self.pid = pid
    words = line.split(separator: 0, omittingEmptySubsequences: false).map { ByteString($0) }
    // Each word ends with a NUL.
    if words.last?.isEmpty == true { words.removeLast() }
    // The name in parentheses may hold anything; the fields after the last one are numbers.
    guard let end = stat.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = ByteString(stat[(end + 1)...]).text.split(separator: " ")
    guard fields.count > 19, let parent = Int32(fields[1]), let started = UInt64(fields[19]) else {
      return nil
    }
    self.parent = parent
    self.started = started
    let uids = ByteString(status).text.split(separator: "\n").first { $0.hasPrefix("Uid:") }
    guard let uid = uids?.split(separator: "\t").dropFirst().first.flatMap({ UInt32($0) }) else {
      return nil
    }
    self.uid = uid
    program = (try? folder.symlinkText("exe")).map { ByteString($0) }
  }

  init(
    pid: Int32, parent: Int32, uid: UInt32, started: UInt64, words: [ByteString],
    program: ByteString?
  ) {
    self.pid = pid
    self.parent = parent
    self.uid = uid
    self.started = started
    self.words = words
    self.program = program
  }

  /// Whether the process, looked at again, is still what it was: the same start, and the same program
  /// or command line. One that only rewrote its command line to get away is.
  func isStill(_ other: RunningProcess) -> Bool {
    pid == other.pid && started == other.started
      && (words == other.words || program != nil && program == other.program)
  }
}

/// Processes of a server: those whose command line says so, and what they started.
struct ServerProcess: Equatable {
  var process: RunningProcess
  /// Nil for one whose own command line matches.
  var startedBy: Int32?

  static func of(_ patterns: [ProcessPattern], among all: [RunningProcess]) -> [ServerProcess] {
    var found = all.filter { process in patterns.contains { $0.matches(process.words) } }
      .map { ServerProcess(process: $0, startedBy: nil) }
    var known = Set(found.map(\.process.pid))
    let children = Dictionary(grouping: all, by: \.parent)
    var index = 0
    while index < found.count {
      let parent = found[index].process.pid
      for child in children[parent] ?? [] where known.insert(child.pid).inserted {
        found.append(ServerProcess(process: child, startedBy: parent))
      }
      index += 1
    }
    return found
  }
}
