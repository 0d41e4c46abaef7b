import Foundation
import Support
import Testing

/// What takes no power is left alone.
@Suite(.serialized) struct ToleranceTests {
  private static let reformatted =
    #"{"mcpServers": {"docs": {"env": {"LEVEL": "error"}, "command": "uvx", "args": ["docs@1.0"], "disabled": false}, "git": {"command": "uvx", "args": ["mcp-server-git"], "disabled": true, "autoApprove": [], "disabledTools": ["git_push", "git_tag"]}}}"#

  @Test func reformattingInPlaceIsLeftAlone() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    daemon.signal(SIGSTOP)
    chmod(daemon.root.at(RunningDaemon.file), 0o644)
    daemon.root.write(RunningDaemon.file, Self.reformatted)
    chmod(daemon.root.at(RunningDaemon.file), 0o444)
    let inode = daemon.root.status(RunningDaemon.file)?.st_ino
    daemon.signal(SIGCONT)
    #expect(daemon.control(["sweep"]).status == 0)
    #expect(daemon.root.status(RunningDaemon.file)?.st_ino == inode)
    #expect(daemon.root.read(RunningDaemon.file) == Self.reformatted)
    #expect(daemon.incidents.isEmpty)
  }

  /// An editor renames its own file over: the bytes stay, only whose they are is put right.
  @Test func reformattingByRenameKeepsItsBytes() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    daemon.root.write("home/alice/new", Self.reformatted)
    daemon.root.move("home/alice/new", RunningDaemon.file)
    #expect(eventually { daemon.root.permissions(RunningDaemon.file) == 0o444 })
    #expect(daemon.control(["sweep"]).status == 0)
    #expect(daemon.root.read(RunningDaemon.file) == Self.reformatted)
    #expect(daemon.incidents.flatMap { $0.values("KIND") } == ["permissions-drift"])
  }

  @Test func userWritableFileIsTheUsers() throws {
    let daemon = RunningDaemon(policy: RunningDaemon.policy(access: "user-writable"))
    daemon.startApproved()
    #expect(daemon.root.permissions(RunningDaemon.file) == 0o600)
    #expect(daemon.root.status(RunningDaemon.file)?.st_uid == RunningDaemon.uid(0))

    // Kiro writes the file itself, by truncating it or by renaming over it.
    daemon.root.write(RunningDaemon.file, Self.reformatted)
    daemon.root.write("home/alice/new", Self.reformatted)
    if geteuid() == 0 { chown(daemon.root.at("home/alice/new"), 20001, 20001) }
    daemon.root.move("home/alice/new", RunningDaemon.file)
    #expect(daemon.control(["sweep"]).status == 0)
    #expect(daemon.root.read(RunningDaemon.file) == Self.reformatted)
    #expect(daemon.incidents.isEmpty)

    daemon.root.write(RunningDaemon.file, Tampering.tampered)
    #expect(eventually { daemon.root.read(RunningDaemon.file) == RunningDaemon.approved })
    #expect(daemon.root.permissions(RunningDaemon.file) == 0o600)
  }

  @Test func linkLeadsToTheCentralTarget() throws {
    let daemon = RunningDaemon(policy: RunningDaemon.policy(access: "link"))
    daemon.startApproved()
    let text = {
      try? FileManager.default.destinationOfSymbolicLink(atPath: daemon.root.at(RunningDaemon.file))
    }
    #expect(text() == daemon.root.at("etc/kiro/mcp.json"))
    daemon.root.write("home/alice/new", Tampering.tampered)
    daemon.root.move("home/alice/new", RunningDaemon.file)
    #expect(eventually { text() == daemon.root.at("etc/kiro/mcp.json") })
    #expect(eventually { daemon.incidents.first?.values("KIND").contains("path-replaced") == true })
  }
}
