import Glibc
import Linux
import Testing

/// The built program itself: its exit status and how it takes Ctrl-C.
@Suite(.serialized, .timeLimit(.minutes(1))) struct ProgramTests {
  /// Beside the test runner, where the build puts it.
  private var program: String? {
    guard let runner = try? Descriptor.open(trusted: "/proc/self").symlinkText("exe") else {
      return nil
    }
    let folder = String(decoding: runner, as: UTF8.self).split(separator: "/").dropLast()
    let path = "/" + folder.joined(separator: "/") + "/mcpolicyctl"
    return access(path, X_OK) == 0 ? path : nil
  }

  private func start(_ arguments: [String]) throws -> pid_t? {
    guard let program else {
      print("skipped: mcpolicyctl isn't built beside the test runner")
      return nil
    }
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    for number in Int32(0)...2 {
      posix_spawn_file_actions_addopen(&files, number, "/dev/null", O_RDWR, 0)
    }
    // The runner's threads block signals, which a child would inherit.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var mask = sigset_t()
    sigemptyset(&mask)
    posix_spawnattr_setsigmask(&attributes, &mask)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var pid = pid_t()
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    try #require(posix_spawn(&pid, program, &files, &attributes, &words, environ) == 0)
    return pid
  }

  /// What comes sooner or later, waited for up to half a minute.
  private func eventually<Value>(_ value: () throws -> Value?) throws -> Value {
    for _ in 0..<15_000 {
      if let value = try value() { return value }
      usleep(2000)
    }
    throw NeverCame()
  }

  private struct NeverCame: Error {}

  /// The exit status, or minus the signal that ended it.
  private func wait(for pid: pid_t) throws -> Int {
    var status: Int32 = 0
    do {
      return try eventually {
        guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
        return Int(status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F))
      }
    } catch {
      kill(pid, SIGKILL)
      waitpid(pid, &status, 0)
      throw error
    }
  }

  @Test(arguments: [
    ("--version", 0), ("--help", 0), ("nothing", 2), ("digest", 2), ("digest /nonexistent", 2),
    ("status --socket /nonexistent", 3), ("approve /dev/null --socket /nonexistent", 2),
  ])
  func exitStatus(_ line: String, _ wanted: Int) throws {
    guard let pid = try start(line.split(separator: " ").map(String.init)) else { return }
    #expect(try wait(for: pid) == wanted)
  }

  @Test func theStandardInputIsAFile() throws {
    let desk = try Desk()
    // An empty one: what isn't JSON isn't compliant.
    guard let pid = try start(["check", "--policy", desk.policy, "--lint", "-"]) else { return }
    #expect(try wait(for: pid) == 1)
  }

  @Test(arguments: [true, false])
  func watchEnds(_ byInterrupt: Bool) throws {
    let folder = try TemporaryFolder()
    let socket = folder.path + "/control.sock"
    let listener = try Descriptor.listen(at: FilePath(socket))
    guard let pid = try start(["watch", "--socket", socket]) else { return }
    do {
      let peer = try accept(from: listener)
      // Its call is here, so it watches by now.
      _ = try eventually { try peer.readSome(upTo: 4096) }
      if byInterrupt {
        kill(pid, SIGINT)
        #expect(try wait(for: pid) == 0)
        return
      }
    }
    // The daemon went away.
    #expect(try wait(for: pid) == 3)
  }

  private func accept(from listener: borrowing Descriptor) throws -> Descriptor {
    for _ in 0..<15_000 {
      if let peer = try listener.accept() { return peer }
      usleep(2000)
    }
    throw NeverCame()
  }
}
