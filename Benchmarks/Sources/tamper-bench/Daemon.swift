import CBench
import Glibc

/// The daemon under test, seen from outside.
final class Daemon {
  private let child: pid_t
  private let log: String
  private let root: String
  private let control: String?
  private let isRival: Bool
  private var exitCode: Int32?

  init(_ options: Options, root: TestRoot) throws {
    let program = options.rival ?? options.daemon
    guard access(program, X_OK) == 0 else {
      throw BenchError.usage("no daemon at \(program); build it, or say --daemon FILE")
    }
    isRival = options.rival != nil
    self.root = root.path
    log = "\(root.path)/daemon.log"
    control = isRival ? nil : Digest.controlProgram(options)
    child = try Self.spawn(
      isRival ? [program, root.path] : [program, "--root", root.path], log: log,
      avoiding: options.processor)
  }

  static func spawn(
    _ arguments: [String], log: String, avoiding processor: Int32? = nil
  ) throws -> pid_t {
    let pointers = arguments.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    let child = bench_spawn(pointers, log, processor ?? -1)
    guard child > 0 else { throw BenchError.system("fork", arguments[0]) }
    return child
  }

  /// Nanoseconds until every target holds the approved copy.
  func waitUntilReady(_ probe: Probe, targets: [Target]) throws -> UInt64 {
    let start = bench_now()
    let deadline = start + 60_000_000_000
    while isRival, !(Files.text(log) ?? "").split(separator: "\n").contains("ready") {
      guard isRunning, !bench_interrupted(), bench_now() < deadline else {
        throw BenchError(message: "the program isn't ready:\n\(lastWords())")
      }
      Files.pause(milliseconds: 1)
    }
    for target in targets {
      while probe.look(target) != BENCH_APPROVED {
        guard isRunning else {
          throw BenchError(message: "the daemon ended at its start:\n\(lastWords())")
        }
        if bench_interrupted() || bench_now() > deadline {
          let finding = probe.look(target).name
          throw BenchError(message: "not ready: \(target.path) is \(finding)\n\(lastWords())")
        }
        Files.pause(milliseconds: 1)
      }
    }
    let ready = bench_now() - start
    // Files come before the last watches and the stage: those are to be there too.
    Files.pause(milliseconds: 300)
    return ready
  }

  var isRunning: Bool { bench_running(child) }

  /// What it says of itself, if there is a program to ask it.
  func state() -> String? {
    guard let control else { return nil }
    let answer = try? Digest.output(of: [control, "status", "--json", "--root", root])
    return answer.flatMap { JSONText.string("state", in: $0) }
  }

  /// The exit code after SIGTERM; a daemon that doesn't go within 5 s is killed and gives -1.
  func stop() -> Int32 {
    if let exitCode { return exitCode }
    kill(child, SIGTERM)
    let code = bench_wait_exit(child, 5000)
    if code < 0 {
      kill(child, SIGKILL)
      _ = bench_wait_exit(child, 5000)
    }
    // A shell's children would go on, and disturb what is measured next.
    if isRival { kill(-child, SIGKILL) }
    exitCode = code
    return code
  }

  func lastWords() -> String {
    let lines = (Files.text(log) ?? "").split(separator: "\n")
    return lines.suffix(20).joined(separator: "\n")
  }
}
