import Glibc
import Linux
import MCPConfig

/// What systemd says of the daemon's unit.
struct UnitProperties {
  private let values: [String: String]

  static let names = [
    "LoadState", "ActiveState", "UnitFileState", "Result", "ExecMainStatus", "NRestarts",
    "NeedDaemonReload", "ReadWritePaths", "ProtectSystem",
  ]

  init(_ values: [String: String]) {
    self.values = values
  }

  /// Empty for what systemd doesn't say.
  subscript(name: String) -> String { values[name] ?? "" }

  /// Nil where no systemd answers.
  static func ofDaemon() -> UnitProperties? {
    guard FileStatus.ofTrusted("/run/systemd/system") != nil,
      let output = CommandOutput.of(
        ["systemctl", "show", "--property=\(names.joined(separator: ","))", "mcpolicyd.service"])
    else { return nil }
    return UnitProperties(parsing: output)
  }

  init(parsing output: String) {
    var values: [String: String] = [:]
    for line in output.split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { values[String(parts[0])] = String(parts[1]) }
    }
    self.values = values
  }
}

enum GroupNames {
  static func exists(_ name: String) -> Bool { getgrnam(name) != nil }
}

/// What a program of the system prints.
enum CommandOutput {
  /// Nil if it can't be run or fails.
  static func of(_ command: [String]) -> String? {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    let read = Descriptor(owning: ends[0])
    let write = ends[1]
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    posix_spawn_file_actions_adddup2(&files, write, STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addclose(&files, ends[0])
    posix_spawn_file_actions_addclose(&files, write)
    var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    let environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    defer { for variable in variables { free(variable) } }
    var child = pid_t()
    let failure = posix_spawnp(&child, command[0], &files, nil, &words, &variables)
    close(write)
    guard failure == 0 else { return nil }
    let bytes = try? read.readAll(limit: 1 << 20)
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    guard status == 0, let bytes else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}
