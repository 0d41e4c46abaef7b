import Foundation
import Support
import Testing

/// Observing reports and harms nothing.
@Suite(.serialized) struct ObserveTests {
  @Test func reportsOnceAndTouchesNothing() throws {
    let daemon = RunningDaemon(policy: RunningDaemon.policy(mode: "observe", sweep: 1))
    daemon.root.makeFolder("home/alice/.kiro/settings")
    daemon.root.write(RunningDaemon.file, Tampering.tampered)
    daemon.startApproved()
    let before = daemon.root.inventory("home")
    #expect(eventually { daemon.incidents.contains { $0.value("TARGET") == "kiro" } })
    for _ in 1...5 { #expect(daemon.control(["sweep"]).status == 1, "drift stands") }
    let incidents = daemon.incidents.filter { $0.value("TARGET") == "kiro" }
    #expect(incidents.count == 1)
    #expect(incidents.first?.value("ACTION") == "reported")
    #expect(incidents.first?.values("KIND").contains("unauthorized-server") == true)
    #expect(daemon.root.inventory("home") == before)

    // Other drift is another incident.
    daemon.root.write(RunningDaemon.file, #"{"mcpServers":{"web-x":{"command":"y"}}}"#)
    #expect(
      eventually { daemon.incidents.contains { $0.values("KIND").contains("prohibited-server") } })
  }

  private static var strace: String? {
    for path in ["/usr/bin/strace", "/bin/strace"] where access(path, X_OK) == 0 { return path }
    return nil
  }

  /// No system call of it changes anything in a home.
  @Test func systemCallsChangeNoHome() throws {
    guard let strace = Self.strace else {
      print("skipped: strace isn't installed")
      return
    }
    let daemon = RunningDaemon(
      homes: ["alice", "bob"], policy: RunningDaemon.policy(mode: "observe", sweep: 1))
    let trace = daemon.root.at("trace")
    daemon.start(
      under: [
        strace, "-D", "-f", "-y", "-o", trace, "-e",
        "trace=rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,symlink,symlinkat,link,linkat,"
          + "chmod,fchmod,fchmodat,chown,fchown,fchownat,truncate,ftruncate,write,pwrite64,writev,"
          + "open,openat,openat2,creat,mknod,mknodat,utimensat,setxattr,fsetxattr",
      ])
    daemon.approve()
    daemon.root.makeFolder("home/alice/.kiro/settings")
    daemon.root.write(RunningDaemon.file, Tampering.tampered)
    daemon.root.makeFolder("home/carol")
    #expect(
      eventually { daemon.incidents.contains { $0.values("KIND").contains("unauthorized-server") } }
    )
    #expect(daemon.control(["sweep"]).status == 1, "drift stands")
    daemon.signal(SIGTERM)
    _ = daemon.wait()
    let homes = daemon.root.at("home")
    let writes = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n").filter {
      line in
      // The second half of a call that strace split has its arguments in the first.
      guard line.contains(homes), !line.contains("<... open") else { return false }
      let reads = line.contains("openat2(") || line.contains("openat(")
      return !reads || line.contains("O_WRONLY") || line.contains("O_RDWR")
        || line.contains("O_CREAT")
        || line.contains("O_TMPFILE") || line.contains("O_TRUNC")
    }
    #expect(writes.isEmpty, "\(writes.joined(separator: "\n"))")
  }
}
