import Foundation
import MCPConfig
import Support
import Testing

/// Each way to tamper, against the real daemon.
@Suite(.serialized) struct TamperingTests {
  @Test(arguments: Tampering.allCases)
  func isUndoneWithItsIncident(_ tampering: Tampering) throws {
    if tampering.needsRoot, geteuid() != 0 { return }
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(daemon.isApproved())
    let before = daemon.incidents.count
    #expect(before == 0, "a rollout is no incident")

    daemon.signal(SIGSTOP)
    tampering.apply(to: daemon.root)
    daemon.signal(SIGCONT)
    if !tampering.raisesEvent { _ = daemon.control(["sweep"]) }

    #expect(eventually { daemon.isApproved() })
    let kinds = { daemon.incidents.dropFirst(before).flatMap { $0.values("KIND") } }
    #expect(eventually { kinds().contains(tampering.kind) }, "told: \(kinds())")
    #expect(daemon.incidents.allSatisfy { $0.value("ACTION") == "restored" })
    #expect(daemon.stop() == 0)
    #expect(leftInHome(daemon.root).isEmpty)
  }

  /// The same while the daemon runs freely: the tampering and the restore race.
  @Test(
    arguments: Tampering.allCases.filter {
      ![.directory, .fullDirectory, .kiroRemade, .kiroSymlink, .kiroFIFO, .settingsFile].contains(
        $0)
    })
  func isUndoneInARace(_ tampering: Tampering) throws {
    if tampering.needsRoot, geteuid() != 0 { return }
    let daemon = RunningDaemon()
    daemon.startApproved()
    tampering.apply(to: daemon.root)
    if !tampering.raisesEvent { _ = daemon.control(["sweep"]) }
    #expect(eventually { daemon.isApproved() && !daemon.incidents.isEmpty })
    #expect(daemon.stop() == 0)
  }

  @Test func centralTargetIsCritical() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    daemon.root.write("etc/new", Tampering.tampered)
    daemon.root.move("etc/new", "etc/kiro/mcp.json")
    #expect(eventually { daemon.isApproved("etc/kiro/mcp.json") && !daemon.incidents.isEmpty })
    let incident = try #require(daemon.incidents.first)
    #expect(incident.values("KIND").contains("baseline-tampered"))
    #expect(incident.value("SEVERITY") == "critical")
    #expect(incident.fields["PRIORITY"]?.string == "2")
  }

  @Test func rejectedFolderKeepsItsWork() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    daemon.signal(SIGSTOP)
    Tampering.fullDirectory.apply(to: daemon.root)
    daemon.signal(SIGCONT)
    #expect(eventually { daemon.isApproved() })
    #expect(daemon.stop() == 0)
    let kept = daemon.root.names("home/.mcpolicyd").filter { $0.hasPrefix("kept-") }
    let folder = try #require(kept.first)
    #expect(daemon.root.read("home/.mcpolicyd/\(folder)/inner/work") == "precious")
  }

  /// What an overwriting user meant to leave comes after the restore, and is told all the same.
  @Test func overwriteInPlaceIsToldByItsContent() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    chmod(daemon.root.at(RunningDaemon.file), 0o644)
    let descriptor = open(daemon.root.at(RunningDaemon.file), O_WRONLY | O_TRUNC)
    let bytes = Array(#"{"mcpServers":{"web-search":{"command":"x"}}}"#.utf8)
    Glibc.write(descriptor, bytes, bytes.count)
    close(descriptor)
    #expect(
      eventually { daemon.incidents.contains { $0.values("KIND").contains("prohibited-server") } })
    #expect(daemon.isApproved())
  }

  @Test func foldersOnTheWayAreTheUsers() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    daemon.root.remove("home/alice/.kiro")
    #expect(eventually { daemon.isApproved() })
    for folder in ["home/alice/.kiro", "home/alice/.kiro/settings"] {
      #expect(daemon.root.status(folder)?.st_uid == RunningDaemon.uid(0))
      #expect(daemon.root.permissions(folder) == 0o700)
    }
  }

  private func leftInHome(_ root: TemporaryRoot) -> [String] {
    root.inventory("home/alice").keys.filter { $0.contains(".mcpolicyd") }
  }
}
