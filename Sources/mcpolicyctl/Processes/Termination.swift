import Glibc
import Linux
import MCPConfig

/// Ends processes with the caller's rights: SIGTERM, and SIGKILL for what is left after a grace.
///
/// Each is held by a pidfd from before it is looked at again, so that no signal reaches another
/// process that got its number.
enum Termination {
  enum Result: Equatable {
    /// It ended after SIGTERM.
    case terminated
    /// It ended after SIGKILL.
    case killed
    /// It had ended before.
    case gone
    case failed(String)

    var word: String {
      switch self {
      case .terminated: "terminated"
      case .killed: "killed"
      case .gone: "gone"
      case .failed: "failed"
      }
    }

    var reason: String? { if case .failed(let reason) = self { reason } else { nil } }
  }

  /// What each came to, in the order of the processes.
  static func end(_ processes: [RunningProcess], grace: Double) -> [Result] {
    let held = processes.map(Held.init)
    for process in held { process.signal(SIGTERM) }
    wait(for: held, seconds: grace, then: .terminated)
    for process in held { process.signal(SIGKILL) }
    wait(for: held, seconds: 5, then: .killed)
    return held.map { $0.result ?? .failed("it doesn't end") }
  }

  private static func wait(for processes: [Held], seconds: Double, then result: Result) {
    let deadline = MonotonicTime.now.advanced(bySeconds: seconds)
    for process in processes where process.result == nil {
      let left = Double(deadline.nanoseconds - MonotonicTime.now.nanoseconds) / 1e9
      if process.hasEnded(within: max(left, 0)) { process.result = result }
    }
  }
}

/// A process, and what became of it.
private final class Held {
  let process: RunningProcess
  var result: Termination.Result?
  private let handle: ProcessHandle?

  init(_ process: RunningProcess) {
    self.process = process
    do throws(SystemError) {
      handle = try ProcessHandle(pid: process.pid)
    } catch {
      handle = nil
      result = error.errno == ESRCH ? .gone : .failed(error.reason)
    }
  }

  func hasEnded(within seconds: Double) -> Bool { handle?.hasEnded(within: seconds) ?? true }

  /// Only if it is still what was listed.
  func signal(_ number: Int32) {
    guard result == nil else { return }
    guard !hasEnded(within: 0) else {
      result = .gone
      return
    }
    guard let now = RunningProcess(pid: process.pid), now.isStill(process) else {
      result = hasEnded(within: 0.1) ? .gone : .failed("it runs another program now")
      return
    }
    do throws(SystemError) {
      try handle?.signal(number)
    } catch {
      result = error.errno == ESRCH ? .gone : .failed(error.reason)
    }
  }
}
