import Foundation
import Support
import Testing

/// What a crash leaves.
@Suite(.serialized) struct CrashTests {
  @Test(arguments: [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT])
  func oneLineAndTheSignalsOwnEnd(_ signal: Int32) throws {
    let daemon = RunningDaemon()
    daemon.start(under: ["env", "SWIFT_BACKTRACE=enable=no"])
    #expect(daemon.control(["status"]).status == 0)
    let before = daemon.log.split(separator: "\n").count
    daemon.signal(signal)
    #expect(daemon.wait() == -signal)
    let said = daemon.log.split(separator: "\n").dropFirst(before)
    #expect(said.count == 1, "\(said)")
    let line = try #require(said.first)
    #expect(line.hasPrefix("mcpolicyd 0.") && line.contains(" crashed: SIG"), "\(line)")
    #expect(
      line.hasSuffix(", sent by process \(getpid()) of uid \(getuid()), thread mcpolicyd"),
      "\(line)")
  }
}
