import Foundation
import Support
import Testing

/// Killed at every step of a restore.
@Suite(.serialized) struct CrashInRestoreTests {
  @Test(arguments: RestoreCase.allCases)
  func nothingIsLostOrLeft(_ kind: RestoreCase) {
    let daemon = RunningDaemon(homes: [])
    let home = daemon.root.at("home/alice")
    daemon.root.makeFolder("home/alice")
    if kind.isOnOwnMount, mount("none", home, "tmpfs", 0, "mode=0755") != 0 {
      print("skipped: no right to mount")
      return
    }
    defer { if kind.isOnOwnMount { umount2(home, Int32(MNT_DETACH)) } }
    daemon.makeHome("alice", number: 0)
    daemon.startFaulty()
    daemon.approve()
    #expect(eventually { daemon.isApproved(kind.target) })
    #expect(daemon.stop() == 0)
    stepThrough(kind, daemon)
  }

  private func stepThrough(_ kind: RestoreCase, _ daemon: RunningDaemon) {
    CrashSteps.through { rule, step in
      makeDecoys(daemon)
      daemon.startFaulty()
      #expect(daemon.control(["sweep"]).status == 0)
      let told = daemon.incidents.count
      daemon.setFaults([rule])
      let drift = MarkedDrift()
      daemon.signal(SIGSTOP)
      kind.apply(drift, to: daemon)
      daemon.signal(SIGCONT)
      let isKilled = daemon.isKilled {
        daemon.isApproved(kind.target) && daemon.incidents.count > told
      }
      let place = Comment(rawValue: "\(kind), step \(step): \(daemon.lastKill)")
      // The restore took it, and perhaps nothing could be told any more.
      let isTaken = !kind.holds(drift, daemon)
      let next = MarkedDrift()
      makeWay(daemon, kind.target)
      next.apply(to: daemon.root, kind.target)

      daemon.start()
      #expect(eventually { daemon.isApproved(kind.target) && daemon.hasTold(next) }, place)
      #expect(daemon.control(["sweep"]).status == 0, place)
      #expect(eventually(seconds: 2) { daemon.leftBehind.isEmpty }, place)
      if isTaken, kind.leavesBytes { #expect(daemon.keepsEvidence(of: drift), place) }
      #expect(kind.isSafe(drift, daemon), place)
      checkDecoys(daemon, kind, place)
      #expect(daemon.stop() == 0, place)
      daemon.clearLeftBehind()
      return isKilled
    }
  }

  private static let decoys = [
    "home/alice/precious", "home/alice/.kiro/precious", "home/alice/.kiro/settings/precious",
    "etc/kiro/precious",
  ]

  private func makeDecoys(_ daemon: RunningDaemon) {
    for decoy in Self.decoys where daemon.root.status(decoy) == nil {
      daemon.root.write(decoy, decoy)
    }
  }

  private func checkDecoys(_ daemon: RunningDaemon, _ kind: RestoreCase, _ place: Comment) {
    for decoy in Self.decoys where !kind.takesAlong(decoy) {
      #expect(daemon.root.read(decoy) == decoy, place)
    }
  }

  /// The folders to the target, should the tampering or the crash have left none.
  private func makeWay(_ daemon: RunningDaemon, _ target: String) {
    var way = ""
    for component in target.split(separator: "/").dropLast() {
      way += way.isEmpty ? "\(component)" : "/\(component)"
      let type = daemon.root.status(way).map { $0.st_mode & S_IFMT }
      if type == S_IFDIR { continue }
      daemon.root.remove(way)
      daemon.root.makeFolder(way, mode: 0o700)
      if way.hasPrefix("home/"), daemon.mayGiveFilesAway {
        chown(daemon.root.at(way), RunningDaemon.uid(0), RunningDaemon.uid(0))
      }
    }
    if daemon.root.status(target).map({ $0.st_mode & S_IFMT == S_IFDIR }) == true {
      daemon.root.move(target, "home/alice/set-aside-\(UInt32.random(in: 0...UInt32.max))")
    }
  }
}
