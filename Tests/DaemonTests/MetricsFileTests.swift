import Foundation
import Support
import Testing

/// The file for a collector; Tests/Metrics reads what stands in it.
@Suite(.serialized) struct MetricsFileTests {
  private static let folder = "var/lib/prometheus"
  private static let file = "\(folder)/mcpolicyd.prom"

  private static func policy(_ file: String?) -> String {
    let key = file.map { "\"metrics_file\": \"/\($0)\", " } ?? ""
    return RunningDaemon.policy().replacingOccurrences(
      of: "\"version\": 1,", with: "\"version\": 1, \(key)")
  }

  private func daemon(_ file: String? = MetricsFileTests.file) -> RunningDaemon {
    let daemon = RunningDaemon(policy: Self.policy(file))
    daemon.root.makeFolder(Self.folder)
    return daemon
  }

  private func read(_ daemon: RunningDaemon) -> String { daemon.root.read(Self.file) ?? "" }

  @Test func itComesWithTheDaemonAndGoesWithIt() throws {
    let daemon = daemon()
    daemon.start()
    #expect(eventually { read(daemon).contains("\nmcpolicyd_sweeps_total 1\n") })
    #expect(daemon.root.permissions(Self.file) == 0o644)
    for what in ["journal", "ledger", "follower", "evidence", "incident-life"] {
      #expect(read(daemon).contains("\nmcpolicyd_drops_total{what=\"\(what)\"} 0\n"))
    }
    #expect(daemon.root.names(Self.folder) == ["mcpolicyd.prom"])
    #expect(daemon.stop() == 0)
    #expect(daemon.root.names(Self.folder) == [])
  }

  @Test func aReloadMovesIt() throws {
    let daemon = daemon(nil)
    daemon.startApproved()
    #expect(daemon.root.names(Self.folder) == [])
    daemon.root.write("etc/mcpolicyd/policy.json", Self.policy(Self.file))
    #expect(daemon.control(["reload"]).status == 0)
    #expect(eventually { read(daemon).contains("mcpolicyd_generation 3\n") })
    daemon.root.write("etc/mcpolicyd/policy.json", Self.policy("\(Self.folder)/other.prom"))
    #expect(daemon.control(["reload"]).status == 0)
    #expect(
      eventually(seconds: 30) { daemon.root.names(Self.folder) == ["other.prom"] },
      "\(daemon.root.names(Self.folder))")
  }

  /// The folder may be another user's, who must not lead the daemon elsewhere.
  @Test func noSymlinkIsFollowed() throws {
    let daemon = daemon()
    daemon.root.remove(Self.folder)
    daemon.root.makeFolder("elsewhere")
    daemon.root.link(Self.folder, to: daemon.root.at("elsewhere"))
    daemon.startApproved()
    #expect(
      eventually {
        daemon.control(["status"]).output.contains("metrics can't be written: open /var/lib")
      })
    #expect(daemon.root.names("elsewhere") == [])
    // A link in the file's place is replaced, and not followed either.
    daemon.root.remove(Self.folder)
    daemon.root.makeFolder(Self.folder)
    daemon.root.write("elsewhere/kept", "kept")
    daemon.root.link(Self.file, to: daemon.root.at("elsewhere/kept"))
    #expect(daemon.stop() == 0)
    daemon.root.link(Self.file, to: daemon.root.at("elsewhere/kept"))
    daemon.start()
    #expect(eventually { read(daemon).contains("mcpolicyd_state") })
    #expect(daemon.root.read("elsewhere/kept") == "kept")
  }

  @Test func withoutTheKeyNothingIsWritten() throws {
    let daemon = daemon(nil)
    daemon.startApproved()
    #expect(daemon.control(["metrics"]).output.hasSuffix("# EOF\n"))
    #expect(daemon.root.names(Self.folder) == [])
    #expect(!daemon.control(["status"]).output.contains("metrics"))
  }
}
