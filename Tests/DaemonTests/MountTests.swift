import Foundation
import Support
import Testing

/// Homes that are mounts of their own, and mounts in the way. Needs rights to mount.
@Suite(.serialized) struct MountTests {
  private func mount(_ daemon: RunningDaemon, _ path: String) -> Bool {
    daemon.root.makeFolder(path)
    return Glibc.mount("none", daemon.root.at(path), "tmpfs", 0, "mode=0755") == 0
  }

  /// A home on a disk of its own is looked at by a home worker, and restored without a stage.
  @Test func homeOnAMountOfItsOwnIsKept() throws {
    let daemon = RunningDaemon(homes: [])
    guard mount(daemon, "home/alice") else {
      print("skipped: no right to mount")
      return
    }
    defer { umount2(daemon.root.at("home/alice"), Int32(MNT_DETACH)) }
    daemon.makeHome("alice", number: 0)
    daemon.startApproved()
    #expect(eventually { daemon.isApproved() })
    for tampering in [Tampering.renameOver, .unlink, .symlink, .kiroRenamed, .chmod] {
      let before = daemon.incidents.count
      tampering.apply(to: daemon.root)
      #expect(eventually { daemon.isApproved() && daemon.incidents.count > before }, "\(tampering)")
      daemon.root.remove("home/alice/other")
    }
    #expect(daemon.stop() == 0)
    let left = daemon.root.inventory("home/alice").keys.filter { $0.contains(".mcpolicyd") }
    #expect(left.isEmpty, "\(left)")
    let evidence = daemon.root.names("var/lib/mcpolicyd/evidence")
    #expect(
      evidence.contains {
        daemon.root.read("var/lib/mcpolicyd/evidence/\($0)") == Tampering.tampered
      })
  }

  /// A home that is mounted only after it was found, as pam_mount and autofs do.
  @Test func homeMountedLaterIsKept() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    guard mount(daemon, "home/alice") else {
      print("skipped: no right to mount")
      return
    }
    defer { umount2(daemon.root.at("home/alice"), Int32(MNT_DETACH)) }
    daemon.makeHome("alice", number: 0)
    #expect(
      eventually {
        _ = daemon.control(["sweep"])
        return daemon.isApproved()
      })
    Tampering.renameOver.apply(to: daemon.root)
    #expect(eventually { daemon.isApproved() })
  }

  /// A mount over the file itself is in the way, however good its content.
  @Test func mountOverTheFileIsTold() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    let file = daemon.root.at(RunningDaemon.file)
    daemon.root.write("copy", RunningDaemon.approved)
    guard Glibc.mount(daemon.root.at("copy"), file, "", UInt(MS_BIND), nil) == 0 else {
      print("skipped: no right to mount")
      return
    }
    defer { umount2(file, Int32(MNT_DETACH)) }
    _ = daemon.control(["sweep"])
    #expect(
      eventually { daemon.incidents.contains { $0.values("KIND").contains("path-replaced") } })
  }

  /// What is mounted over a folder can't be moved away: it is told, and put right once it is gone.
  @Test func mountInTheWayIsToldAndSurvived() throws {
    let daemon = RunningDaemon(homes: ["alice", "bob"])
    daemon.startApproved()
    guard mount(daemon, "home/alice/.kiro") else {
      print("skipped: no right to mount")
      return
    }
    var isMounted = true
    defer { if isMounted { umount2(daemon.root.at("home/alice/.kiro"), Int32(MNT_DETACH)) } }
    _ = daemon.control(["sweep"])
    #expect(
      eventually {
        daemon.incidents.contains {
          $0.values("KIND").contains("path-replaced") && $0.value("ACTION") == "failed"
        }
      })
    daemon.root.remove("home/bob/.kiro")
    #expect(eventually { daemon.isApproved("home/bob/.kiro/settings/mcp.json") })
    umount2(daemon.root.at("home/alice/.kiro"), Int32(MNT_DETACH))
    isMounted = false
    #expect(eventually { daemon.isApproved() })
  }
}
