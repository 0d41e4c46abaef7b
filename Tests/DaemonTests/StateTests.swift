import Foundation
import Support
import Testing

/// What a version finds that another one left, and what it leaves itself.
@Suite(.serialized) struct StateTests {
  private static let format = "var/lib/mcpolicyd/format"

  @Test func stateSaysItsFormat() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(daemon.root.read(Self.format) == "1\n")
    #expect(daemon.stop() == 0)
  }

  @Test func stateOfALaterVersionIsLeftAlone() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(daemon.stop() == 0)
    daemon.root.remove(Self.format)
    daemon.root.write(Self.format, "2\n")
    daemon.root.remove(RunningDaemon.file)
    let before = daemon.root.inventory("var/lib/mcpolicyd")
    daemon.start()
    #expect(daemon.wait() == 2)
    #expect(
      daemon.log.contains("was written by a later version (format 2, not 1)"), "\(daemon.log)")
    #expect(daemon.root.inventory("var/lib/mcpolicyd") == before)
    #expect(!daemon.isApproved())
  }

  /// Each record says its own version, too.
  @Test(arguments: ["", "x\n", "1", "0\n"])
  func aFormatThatSaysNothingKeepsNobodyOut(_ text: String) throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(daemon.stop() == 0)
    daemon.root.remove(Self.format)
    daemon.root.write(Self.format, text)
    daemon.root.remove(RunningDaemon.file)
    daemon.start()
    #expect(eventually { daemon.isApproved() })
    #expect(eventually { daemon.root.read(Self.format) == (text == "1" ? "1" : "1\n") })
  }

  @Test func noStageStaysBehind() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    let hasStage = { (folder: String) in daemon.root.names(folder).contains(".mcpolicyd") }
    #expect(eventually { hasStage("home") && hasStage("etc/kiro") })
    #expect(daemon.stop() == 0)
    #expect(!hasStage("home") && !hasStage("etc/kiro"))
    daemon.root.remove(RunningDaemon.file)
    daemon.start()
    #expect(eventually { daemon.isApproved() })
  }
}
