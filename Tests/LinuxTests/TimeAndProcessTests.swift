import Glibc
import Linux
import Support
import Testing

@Suite struct RFC3339Tests {
  @Test(arguments: [
    "1970-01-01T00:00:00.000000Z", "2026-01-31T09:30:00.123456Z", "2024-02-29T23:59:59.000000Z",
    "9999-12-31T23:59:59.999999Z",
  ])
  func roundTrips(_ text: String) {
    #expect(WallTime(rfc3339: text)?.rfc3339 == text)
  }

  @Test(arguments: [
    ("2026-01-31T09:30:00Z", "2026-01-31T09:30:00.000000Z"),
    ("2026-01-31T09:30:00.5Z", "2026-01-31T09:30:00.500000Z"),
  ])
  func shortFractions(_ text: String, _ whole: String) {
    #expect(WallTime(rfc3339: text)?.rfc3339 == whole)
  }

  @Test(arguments: [
    "", "2026-01-31", "2026-01-31T09:30:00", "2026-01-31T09:30:00+00:00", "2026-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
    "2026-01-01T00:00:60Z", "2026-01-01t00:00:00Z", "2026-01-01T00:00:00.Z",
    "2026-01-01T00:00:00.1234567Z", "+026-01-01T00:00:00Z", "1969-12-31T23:59:59Z",
    "2026-01-00T00:00:00Z", "٢٠26-01-01T00:00:00Z", "2026-01-01T00:00:00.-1Z",
  ])
  func whatIsNoTime(_ text: String) {
    #expect(WallTime(rfc3339: text) == nil)
  }
}

@Suite struct ProcessHandleTests {
  @Test func endsTheProcessItWasOpenedFor() throws {
    let child = RunningDaemon.spawn(["sleep", "600"], stderr: "/dev/null")
    defer {
      kill(child, SIGKILL)
      waitpid(child, nil, 0)
    }
    let handle = try ProcessHandle(pid: child)
    let before = handle.hasEnded
    // Not SIGTERM: the runner blocks it, and a child inherits that.
    try handle.signal(SIGKILL)
    // Nobody has waited for it yet, so its number is still taken.
    let after = handle.hasEnded(within: 30)
    #expect(!before && after)
  }

  @Test func whoIsGoneHasNoHandle() throws {
    let child = RunningDaemon.spawn(["true"], stderr: "/dev/null")
    waitpid(child, nil, 0)
    #expect(throws: SystemError("pidfd_open", "\(child)", errno: ESRCH)) {
      let handle = try ProcessHandle(pid: child)
      try handle.signal(0)
    }
  }
}
