import Foundation
import MCPConfig
import Support

extension Soak {
  private enum Disturbance { case none, fault, stop, kill }

  /// Some users tamper at once; then everything must be as approved, and everything told.
  func round(mayRestart: Bool) {
    rounds += 1
    let disturbance = disturbance(mayRestart)
    let before = incidentCount
    let shuffled = homes.shuffled(using: &generator)
    let chosen = shuffled.prefix(Int.random(in: 1...homes.count, using: &generator))
    let bystanders = inodes(of: shuffled.dropFirst(chosen.count))
    let all = tamper(chosen, disturbance)
    expect(eventually(seconds: 30) { wrongFile == nil }) { wrongFile ?? "" }
    expect(eventually { lost(all, disturbance) == nil }) {
      "lost: \(lost(all, disturbance).map { "\($0.kind) of \($0.home)" } ?? "")"
    }
    for (home, inode) in bystanders where inodes(of: [home])[home] != inode {
      expect(false) { "the good file of \(home) was replaced" }
    }
    if disturbance == .none || disturbance == .fault {
      checkCount(all, since: before, isExact: disturbance == .none)
    } else {
      // What the new run found emptied is told a moment later, and isn't the next round's.
      settle()
    }
    measure()
    clear()
  }

  private func tamper(_ chosen: ArraySlice<String>, _ disturbance: Disturbance) -> [Done] {
    let moment = Int.random(in: 0..<chosen.count, using: &generator)
    if disturbance == .fault {
      faults += 1
      daemon.setFaults([Faults.random(&generator)])
    }
    var all: [Done] = []
    for (index, home) in chosen.enumerated() {
      if index == moment, disturbance == .stop { restart(SIGTERM) }
      if index == moment, disturbance == .kill { restart(SIGKILL) }
      let kind = Tampering.allCases.randomElement(using: &generator)!
      let done = Done(home: home, kind: kind, drift: MarkedDrift())
      kind.apply(done.drift, home: home, to: daemon.root)
      all.append(done)
    }
    tamperings += all.count
    if disturbance == .fault {
      daemon.setFaults([])
      _ = daemon.control(["sweep"])
    }
    return all
  }

  private func disturbance(_ mayRestart: Bool) -> Disturbance {
    switch Int.random(in: 0..<20, using: &generator) {
    case 0 where mayRestart: .stop
    case 1 where mayRestart: .kill
    case 2..<7: .fault
    default: .none
    }
  }

  /// A tampering that left no trace: its bytes are neither told nor kept.
  private func lost(_ all: [Done], _ disturbance: Disturbance) -> Done? {
    told.follow()
    return all.first {
      $0.kind == .replaced && !told.tells($0.drift) && !daemon.keepsEvidence(of: $0.drift)
    }
  }

  /// As many incidents as tamperings. Who writes in place is seen once or twice.
  private func checkCount(_ all: [Done], since before: Int, isExact: Bool) {
    let most = isExact ? all.reduce(0) { $0 + ($1.kind.isOneStep ? 1 : 2) } : Int.max
    expect(eventually { incidentCount >= before + all.count }) {
      "\(all.count) tamperings, \(incidentCount - before) incidents"
    }
    if all.contains(where: { !$0.kind.isOneStep }) { settle() }
    let count = incidentCount - before
    expect(count <= most) { "\(all.count) tamperings, \(count) incidents" }
  }

  private func inodes(of homes: some Sequence<String>) -> [String: UInt] {
    var found: [String: UInt] = [:]
    for home in homes {
      found[home] = daemon.root.status("\(home)/.kiro/settings/mcp.json")?.st_ino
    }
    return found
  }

  /// An incident of a file that was emptied waits a moment for what its writer meant to leave.
  private func settle() {
    var before = -1
    while incidentCount != before {
      before = incidentCount
      usleep(150_000)
    }
  }

  private func clear() {
    for home in homes {
      for name in daemon.root.names(home) where name.hasPrefix("aside-") {
        daemon.root.remove("\(home)/\(name)")
      }
    }
    told.follow()
    told.forget()
  }

  /// What one run of the daemon holds must not grow.
  private func measure() {
    let process = daemon.processID
    guard let first else {
      // Just started, it may still be on its way to the last home, or wait to try again at one where the
      // disk failed; a noisy target has no watches.
      let isWatching = eventually(seconds: 90) {
        let targets = self.daemon.status?["targets"]
        return targets?["unwatched"]?.integer == 0 && targets?["noisy"]?.integer == 0
          && (targets?["total"]?.integer ?? 0) > self.homes.count
      }
      expect(isWatching) { "targets stay unwatched" }
      self.first = Gauge(of: process)
      return
    }
    var now = Gauge(of: process)
    let isSteady = eventually(seconds: 90) {
      now = Gauge(of: process)
      return now.watches == first.watches && now.descriptors <= first.descriptors + 4
    }
    expect(isSteady) { "\(first) became \(now)" }
    guard let warm else {
      if lifeSeconds > 20 { self.warm = (now, told.total) }
      return
    }
    // The newest incidents are kept, so memory grows until there are as many as are kept.
    let room = 8192 + max(1024 - warm.told, 0) * 4
    expect(now.memory <= warm.gauge.memory + room) { "\(warm.gauge) became \(now)" }
  }
}
