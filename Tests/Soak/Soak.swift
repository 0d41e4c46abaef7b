import Foundation
import MCPConfig
import Support

/// The daemon, its users, and what is known of them.
final class Soak {
  let daemon: RunningDaemon
  let homes: [String]
  private(set) var failures: [String] = []
  var generator: SeededGenerator
  var told: Told
  var rounds = 0, tamperings = 0, faults = 0, stops = 0, kills = 0
  /// What this run of the daemon held when it was first calm, and when it was warm.
  var first: Gauge?
  var warm: (gauge: Gauge, told: Int)?
  private var mounts: [String] = []
  private let started = Date()
  private var life = Date()

  init(users: Int, seed: UInt64) {
    let names = (0..<users).map { "user\($0 < 10 ? "0" : "")\($0)" }
    daemon = RunningDaemon(homes: [])
    homes = names.map { "home/\($0)" }
    generator = SeededGenerator(state: seed)
    told = Told(log: daemon.root.at("stderr"))
    for (index, name) in names.enumerated() {
      daemon.root.makeFolder("home/\(name)")
      // A few homes are mounts of their own, which the home workers look at.
      if index % 12 == 5 { mountHome("home/\(name)") }
      daemon.makeHome(name, number: index)
      daemon.root.write("home/\(name)/decoy", name)
    }
  }

  private func mountHome(_ home: String) {
    guard mount("none", daemon.root.at(home), "tmpfs", 0, "mode=0755") == 0 else { return }
    mounts.append(home)
  }

  func begin() {
    daemon.startFaulty()
    daemon.approve()
    expect(eventually(seconds: 60) { self.wrongFile == nil }) { "at the start: \(wrongFile ?? "")" }
    told.follow()
    told.forget()
  }

  func finish() {
    if failures.isEmpty {
      let total = incidentCount
      expect(daemon.stop() == 0) { "the last stop failed" }
      told.follow()
      expect(told.counted == total) { "\(total) incidents, but records of \(told.counted)" }
    }
    if !failures.isEmpty {
      print(daemon.log.split(separator: "\n").suffix(12).joined(separator: "\n"))
    }
    for home in mounts { umount2(daemon.root.at(home), Int32(MNT_DETACH)) }
  }

  func expect(_ condition: Bool, _ failure: () -> String) {
    if !condition { failures.append("round \(rounds): \(failure())") }
  }

  /// Ends the daemon so, and starts it again.
  func restart(_ signal: Int32) {
    daemon.signal(signal)
    let status = daemon.wait()
    expect(status == (signal == SIGKILL ? -SIGKILL : 0)) { "it ended with \(status)" }
    if signal == SIGKILL { kills += 1 } else { stops += 1 }
    told.follow()
    told.counted = 0
    daemon.startFaulty()
    first = nil
    warm = nil
    life = Date()
  }

  /// What is not as it must be; nil when all is calm.
  var wrongFile: String? {
    if !daemon.isApproved("etc/kiro/mcp.json") { return "the central target is wrong" }
    for home in homes {
      if !daemon.isApproved("\(home)/.kiro/settings/mcp.json") {
        return "\(home): the file is wrong"
      }
      let name = String(home.dropFirst("home/".count))
      if daemon.root.read("\(home)/decoy") != name { return "\(home): a bystander is wrong" }
      let strays = daemon.root.names(home).filter { $0.hasPrefix(".mcpolicyd") }
      let settings = daemon.root.names("\(home)/.kiro/settings")
      if !strays.isEmpty || settings != ["mcp.json"] {
        let held = settings.flatMap { daemon.root.names("\(home)/.kiro/settings/\($0)") }
        return "\(home): \(strays + settings), in them \(held)"
      }
    }
    return nil
  }

  /// What this run of the daemon has counted.
  var incidentCount: Int { daemon.status?["incidents"]?["total"]?.integer ?? -1 }

  /// How long the daemon has run since it was last started.
  var lifeSeconds: Double { Date().timeIntervalSince(life) }

  var line: String {
    "\(rounds) rounds, \(tamperings) tamperings, \(told.total) incidents, \(faults) faults, "
      + "\(stops) stops, \(kills) kills; \(Gauge(of: daemon.processID))"
  }
}
