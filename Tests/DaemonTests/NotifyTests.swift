import Foundation
import Support
import Testing

/// Notices on a real session bus.
@Suite(
  .serialized, .timeLimit(.minutes(2)),
  .enabled(if: FakeDesktop.isPossible, "dbus-daemon isn't installed"))
struct NotifyTests {
  /// The home of whoever runs the test, so that its incidents are theirs.
  private static let file = "home/own/.kiro/settings/mcp.json"

  private func start(_ daemon: RunningDaemon, _ variables: String...) -> pid_t {
    RunningDaemon.spawn(
      ["/usr/bin/env"] + variables + [
        "\(RunningDaemon.products)/mcpolicyctl", "watch", "--notify", "--root", daemon.root.path,
      ], stderr: daemon.root.at("notify.log"))
  }

  private func end(_ child: pid_t) -> Int32 {
    kill(child, SIGTERM)
    var status: Int32 = 0
    waitpid(child, &status, 0)
    return status >> 8 & 0xFF
  }

  private func tamper(_ daemon: RunningDaemon, _ text: String) {
    daemon.root.write("home/own/new", text)
    daemon.root.move("home/own/new", Self.file)
  }

  private func makeDaemon() -> RunningDaemon {
    let daemon = RunningDaemon(homes: ["alice"])
    daemon.root.makeFolder("home/own", mode: 0o700)
    return daemon
  }

  private static let hostile = #"{"mcpServers":{"<b>evil</b>&":{"command":"sh"}}}"#

  @Test func eachCauseOnceAndOnlyOnesOwn() throws {
    let daemon = makeDaemon()
    let desktop = try #require(FakeDesktop(in: daemon.root))
    daemon.startApproved()
    #expect(eventually { daemon.isApproved(Self.file) })
    let watcher = start(daemon, "DBUS_SESSION_BUS_ADDRESS=\(desktop.address)")
    // Until it watches, tampering is told to nobody: so until the first notice.
    #expect(
      eventually {
        tamper(daemon, Self.hostile)
        return !desktop.notices.isEmpty
      })
    #expect(eventually { daemon.isApproved(Self.file) })
    if daemon.mayGiveFilesAway { daemon.root.remove(RunningDaemon.file) }
    tamper(daemon, Self.hostile)
    // Another cause, after which nothing that came before is still on its way.
    #expect(eventually { daemon.isApproved(Self.file) })
    daemon.root.remove(Self.file)
    #expect(eventually { desktop.notices.count == 2 })
    let notice = try #require(desktop.notices.first)
    #expect(notice.program == "mcpolicyd")
    #expect(notice.summary == "Your MCP configuration was put back")
    #expect(notice.body.contains("&lt;b&gt;evil&lt;/b&gt;&amp;: "))
    #expect(!notice.body.contains("<"))
    #expect(notice.body.contains(daemon.root.at(Self.file)))
    #expect(notice.urgency == 1)
    #expect(desktop.notices[1].body.contains("missing"))
    #expect(end(watcher) == 0)
  }

  @Test func aRestartedDaemonIsHeardAgain() throws {
    let daemon = makeDaemon()
    let desktop = try #require(FakeDesktop(in: daemon.root))
    // It is there before the daemon is.
    let watcher = start(daemon, "DBUS_SESSION_BUS_ADDRESS=\(desktop.address)")
    daemon.startApproved()
    #expect(
      eventually(seconds: 30) {
        tamper(daemon, Self.hostile)
        return desktop.notices.count == 1
      })
    #expect(daemon.stop() == 0)
    daemon.start()
    #expect(
      eventually(seconds: 30) {
        daemon.root.remove(Self.file)
        return desktop.notices.count == 2
      })
    #expect(end(watcher) == 0)
  }

  @Test func aSessionWithoutNoticesIsNoEnd() throws {
    let daemon = makeDaemon()
    let desktop = try #require(FakeDesktop(in: daemon.root, takesNotices: false))
    daemon.startApproved()
    let watcher = start(daemon, "DBUS_SESSION_BUS_ADDRESS=\(desktop.address)")
    #expect(
      eventually {
        tamper(daemon, Self.hostile)
        return daemon.root.read("notify.log")?.contains("nothing shows notices here") == true
      })
    #expect(end(watcher) == 0)
  }

  @Test func withoutABusOrSwitchedOff() throws {
    let daemon = makeDaemon()
    var status: Int32 = 0
    waitpid(start(daemon, "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent"), &status, 0)
    #expect(status >> 8 & 0xFF == 5)
    #expect(daemon.root.read("notify.log")?.contains("no session bus") == true)
    waitpid(
      start(daemon, "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent", "MCPOLICY_NOTIFY=off"),
      &status, 0)
    #expect(status >> 8 & 0xFF == 0)
  }
}
