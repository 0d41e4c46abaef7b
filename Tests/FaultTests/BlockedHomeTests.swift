import Foundation
import FuseHome
import MCPConfig
import Support
import Testing

/// Homes that stop answering, as those of a dead NFS server do.
@Suite(.serialized) struct BlockedHomeTests {
  private static let lively = "home/carol/.kiro/settings/mcp.json"

  /// Carol's home is a mount of its own too, and lives; bob's is looked at on the loop's own thread.
  private func daemon(
    hung names: [String], policy: String = RunningDaemon.policy()
  ) -> (RunningDaemon, [OpaquePointer])? {
    let daemon = RunningDaemon(homes: ["bob"], policy: policy)
    daemon.root.makeFolder("home/carol")
    let bytes = Array(RunningDaemon.approved.utf8)
    var homes: [OpaquePointer] = []
    for (index, name) in names.enumerated() {
      daemon.root.makeFolder("home/\(name)")
      let path = daemon.root.at("home/\(name)")
      let home = fuse_home_mount(path, RunningDaemon.uid(10 + index), bytes, bytes.count)
      if let home { homes.append(home) }
    }
    let isMounted = mount("none", daemon.root.at("home/carol"), "tmpfs", 0, "mode=0755") == 0
    guard isMounted, homes.count == names.count else {
      print("skipped: no right to mount, or no FUSE")
      end(daemon, homes)
      return nil
    }
    daemon.makeHome("carol", number: 2)
    return (daemon, homes)
  }

  private func end(_ daemon: RunningDaemon, _ homes: [OpaquePointer]) {
    for home in homes { fuse_home_end(home) }
    umount2(daemon.root.at("home/carol"), Int32(MNT_DETACH))
  }

  private func blocked(_ daemon: RunningDaemon) -> Set<String> {
    Set((daemon.status?["users_blocked"]?.elements ?? []).compactMap { $0.string?.text })
  }

  /// Has every target looked at, and doesn't wait for what comes of it.
  private func sweep(_ daemon: RunningDaemon) -> pid_t {
    RunningDaemon.spawn(
      ["\(RunningDaemon.products)/mcpolicyctl", "sweep", "--root", daemon.root.path],
      stderr: daemon.root.at("sweep"))
  }

  private func reap(_ child: pid_t) {
    kill(child, SIGKILL)
    var status: Int32 = 0
    waitpid(child, &status, 0)
  }

  private func othersAreKept(_ daemon: RunningDaemon) {
    for file in [Self.lively, "home/bob/.kiro/settings/mcp.json", "etc/kiro/mcp.json"] {
      let drift = MarkedDrift()
      drift.apply(to: daemon.root, file)
      #expect(eventually { daemon.isApproved(file) && daemon.hasTold(drift) }, "\(file)")
    }
  }

  @Test func manyHungHomesHoldNobodyUp() throws {
    let names = ["dead1", "dead2", "dead3", "dead4", "dead5"]
    guard let (daemon, homes) = daemon(hung: names) else { return }
    defer { end(daemon, homes) }
    daemon.startApproved()
    #expect(eventually { daemon.status?["targets"]?["compliant"]?.integer == 8 })
    let child = { () -> pid_t in
      for home in homes { fuse_home_stall(home) }
      return sweep(daemon)
    }()
    defer { reap(child) }
    #expect(eventually { homes.contains { fuse_home_is_waited_for($0) != 0 } })
    othersAreKept(daemon)
    #expect(eventually { blocked(daemon) == Set(names) }, "\(blocked(daemon))")
    #expect(!daemon.incidents.contains { $0.value("USER")?.hasPrefix("dead") == true })
    for home in homes { fuse_home_resume(home) }
    #expect(eventually { blocked(daemon).isEmpty })
    #expect(eventually { daemon.status?["targets"]?["compliant"]?.integer == 8 })
    #expect(!daemon.incidents.contains { $0.value("USER")?.hasPrefix("dead") == true })
    #expect(daemon.stop() == 0)
  }

  /// However many targets it has, a home holds one worker.
  @Test func oneHomeHoldsOneWorker() throws {
    let more = (1...8).map {
      #"{"name": "t\#($0)", "path": "~/.kiro/settings/t\#($0).json", "client": "kiro"}"#
    }
    let policy = RunningDaemon.policy().replacingOccurrences(
      of: #"settings/mcp.json", "client": "kiro"}"#,
      with: #"settings/mcp.json", "client": "kiro"}, \#(more.joined(separator: ", "))"#)
    guard let (daemon, homes) = daemon(hung: ["dead"], policy: policy) else { return }
    defer { end(daemon, homes) }
    daemon.startApproved()
    #expect(eventually { daemon.isApproved(Self.lively) })
    fuse_home_stall(homes[0])
    let child = sweep(daemon)
    defer { reap(child) }
    #expect(eventually { fuse_home_is_waited_for(homes[0]) != 0 })
    othersAreKept(daemon)
    #expect(eventually { heldThreads(daemon) == 1 }, "\(heldThreads(daemon)) threads are held")
    #expect(eventually { blocked(daemon) == ["dead"] })
    fuse_home_resume(homes[0])
    #expect(eventually { blocked(daemon).isEmpty })
  }

  /// A home that hangs from the start on: whose it is can't be asked, so it goes by its name.
  @Test func homeThatHangsAtTheStartHoldsNobodyUp() throws {
    guard let (daemon, homes) = daemon(hung: ["dead1", "dead2", "dead3", "dead4"]) else { return }
    defer { end(daemon, homes) }
    daemon.startApproved()
    #expect(daemon.stop() == 0)
    for home in homes { fuse_home_stall(home) }
    let drift = MarkedDrift()
    drift.apply(to: daemon.root, Self.lively)
    daemon.start()
    #expect(eventually { daemon.isApproved(Self.lively) && daemon.hasTold(drift) })
    othersAreKept(daemon)
    #expect(eventually { blocked(daemon).count == 4 }, "\(blocked(daemon))")
    #expect(daemon.stop() == 0, "a hung home holds the end")
  }

  /// Threads of the daemon that wait for FUSE's answer in the kernel.
  private func heldThreads(_ daemon: RunningDaemon) -> Int {
    let tasks = "/proc/\(daemon.processID)/task"
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
    return threads.filter { thread in
      let wait = try? String(contentsOfFile: "\(tasks)/\(thread)/wchan", encoding: .utf8)
      return wait?.contains("fuse") == true || wait?.contains("request_wait_answer") == true
    }.count
  }
}
