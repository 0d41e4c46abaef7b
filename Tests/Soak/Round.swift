import Foundation
import Support

extension Soak {
  private enum Disturbance { case none, fault, stop, kill }

  /// Some users tamper at once; then everything must be as approved, and everything told.
  func round(mayRestart: Bool) {
    rounds += 1
    let disturbance = disturbance(mayRestart)
    let chosen = homes.shuffled(using: &generator).prefix(
      Int.random(in: 1...homes.count, using: &generator))
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
    check(all, disturbance)
    if disturbance == .fault || all.contains(where: { !$0.kind.isOneStep }) { settle() }
    clear()
  }

  private func disturbance(_ mayRestart: Bool) -> Disturbance {
    switch Int.random(in: 0..<20, using: &generator) {
    case 0 where mayRestart: .stop
    case 1 where mayRestart: .kill
    case 2..<7: .fault
    default: .none
    }
  }

  private func check(_ all: [Done], _ disturbance: Disturbance) {
    let isCalm = eventually(seconds: 30) { wrongFile == nil }
    expect(isCalm) { wrongFile ?? "" }
    // What a killed daemon could tell no more is in its evidence, if it had bytes.
    let untold = { () -> Done? in
      self.told.follow()
      return all.first { !self.isTold($0, mayBeCutOff: disturbance == .kill) }
    }
    expect(eventually(seconds: 10) { untold() == nil }) {
      "lost: \(untold().map { "\($0.kind) of \($0.home)" } ?? "")"
    }
    if disturbance == .none { checkCounts(all) }
    checkBlame(all)
    measure()
  }

  private func isTold(_ done: Done, mayBeCutOff: Bool) -> Bool {
    let isTold =
      done.kind == .replaced
      ? told.tells(done.drift) : told.count(of: daemon.root.at(done.file)) > 0
    if isTold || !mayBeCutOff { return isTold }
    return !done.kind.isMarked || daemon.keepsEvidence(of: done.drift)
  }

  /// One incident for each, and none for nothing.
  private func checkCounts(_ all: [Done]) {
    for done in all where done.kind.isOneStep {
      let count = told.count(of: daemon.root.at(done.file))
      expect(count == 1) { "\(done.kind) of \(done.home) was told \(count) times" }
    }
  }

  /// Nobody is blamed who did nothing.
  private func checkBlame(_ all: [Done]) {
    let guilty = Set(all.map { daemon.root.at($0.file) })
    for incident in told.incidents where incident.values("KIND") != ["watch-degraded"] {
      let path = incident.value("PATH") ?? ""
      expect(guilty.contains(path)) { "told without cause: \(incident.message)" }
    }
  }

  /// An incident of a file that was emptied waits a moment for what its writer meant to leave.
  private func settle() {
    var before = -1
    while told.total != before {
      before = told.total
      usleep(150_000)
      told.follow()
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
      self.first = Gauge(of: process)
      return
    }
    var now = Gauge(of: process)
    let isSteady = eventually {
      now = Gauge(of: process)
      return now.watches == first.watches && now.descriptors <= first.descriptors + 4
    }
    expect(isSteady) { "\(first) became \(now)" }
    guard let warm else {
      if lifeSeconds > 20 { self.warm = (now, told.total) }
      return
    }
    // The newest incidents are kept, so memory grows until there are as many as are kept.
    let room = 8192 + max(4096 - warm.told, 0) * 4
    expect(now.memory <= warm.gauge.memory + room) { "\(warm.gauge) became \(now)" }
  }
}
