import Foundation
import MCPConfig
import Support
import Testing

/// The doctor on a throwaway root: what it finds wrong, and that it mends nothing.
@Suite(.serialized) struct DoctorTests {
  private func checks(
    _ daemon: RunningDaemon, under wrapper: [String] = []
  ) throws -> [(check: String, state: String, message: String)] {
    let output = daemon.root.at("doctor")
    daemon.root.remove("doctor")
    daemon.root.write("doctor", "")
    chmod(output, 0o666)
    let child = RunningDaemon.spawn(
      wrapper + [
        "\(RunningDaemon.products)/mcpolicyctl", "doctor", "--json", "--root", daemon.root.path,
      ], stderr: "/dev/null", stdout: output)
    var status: Int32 = 0
    waitpid(child, &status, 0)
    let json = try JSON(parsing: Array(try Data(contentsOf: URL(fileURLWithPath: output))))
    let found = (json["checks"]?.elements ?? []).map { line in
      func text(_ key: ByteString) -> String { line[key]?.string?.text ?? "" }
      #expect(["ok", "warning", "problem", "unseen"].contains(text("state")))
      if ["warning", "problem"].contains(text("state")) { #expect(text("mend") != "") }
      return (text("check"), text("state"), text("message"))
    }
    let isBad = found.contains { ["warning", "problem"].contains($0.1) }
    #expect(status >> 8 & 0xFF == (isBad ? 1 : 0))
    return found
  }

  private func states(
    _ found: [(check: String, state: String, message: String)], _ check: String
  ) -> Set<String> {
    Set(found.filter { $0.check == check }.map(\.state))
  }

  @Test func aHealthyRoot() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(eventually { daemon.isApproved() })
    let found = try checks(daemon)
    for check in [
      "daemon", "folders", "policy", "approved", "baseline", "inotify", "targets", "rights",
    ] {
      #expect(states(found, check) == ["ok"], "\(found.filter { $0.check == check })")
    }
  }

  @Test func eachTroubleIsFound() throws {
    let daemon = RunningDaemon(homes: ["alice", "bob"])
    daemon.startApproved()
    #expect(eventually { daemon.isApproved() })
    chmod(daemon.root.at("etc/mcpolicyd/policy.json"), 0o666)
    chmod(daemon.root.at("var/lib/mcpolicyd/evidence"), 0o755)
    daemon.root.write("etc/mcpolicyd/mcp.json", #"{"mcpServers":{"git":{"command":"sh"}}}"#)
    let found = try checks(daemon)
    func says(_ check: String, _ part: String) -> Bool {
      found.contains { $0.check == check && $0.message.contains(part) }
    }
    #expect(says("folders", "policy.json: others may write there (mode 666)"))
    #expect(says("folders", "evidence: is open to others (mode 755)"))
    #expect(says("approved", "isn't the baseline in force"))
    #expect(
      daemon.root.permissions("etc/mcpolicyd/policy.json") == 0o666, "it changes nothing")
    daemon.root.write("etc/mcpolicyd/policy.json", "{\n  \"version\": 7}")
    #expect(daemon.control(["reload"]).status == 2)
    let broken = try checks(daemon)
    #expect(
      broken.contains { $0.check == "policy" && $0.message.contains("policy.json:2:14: version") })
    #expect(
      broken.contains { $0.check == "policy" && $0.message.contains("the last reload failed") })
  }

  @Test func theDaemonIsDown() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    #expect(daemon.stop() == 0)
    let found = try checks(daemon)
    #expect(states(found, "daemon") == ["problem"])
    #expect(states(found, "policy") == ["ok"])
    #expect(states(found, "baseline") == ["ok"])
    #expect(states(found, "targets") == ["unseen"])
    chmod(daemon.root.at("var/lib/mcpolicyd/baseline/1.mcp.json"), 0o600)
    daemon.root.write("var/lib/mcpolicyd/baseline/1.mcp.json", "{}")
    #expect(states(try checks(daemon), "baseline") == ["problem"])
  }

  /// Someone without rights learns what they may know, and what they couldn't see.
  @Test(.enabled(if: geteuid() == 0 && access("/usr/bin/setpriv", X_OK) == 0, "needs root"))
  func withoutRights() throws {
    let daemon = RunningDaemon(homes: ["alice", "bob"])
    daemon.startApproved()
    let found = try checks(
      daemon, under: ["/usr/bin/setpriv", "--reuid", "20001", "--regid", "20001", "--clear-groups"])
    #expect(states(found, "daemon") == ["ok"])
    #expect(found.contains { $0.check == "targets" && $0.state == "unseen" })
    #expect(found.contains { $0.check == "folders" && $0.state == "unseen" })
    #expect(found.contains { $0.check == "rights" && $0.message.contains("role own") })
  }
}
