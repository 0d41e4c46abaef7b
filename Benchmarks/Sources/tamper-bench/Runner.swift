import CBench
import Glibc

/// Does the rounds of a plan and takes the time of each.
struct Runner {
  private let options: Options
  private let root: TestRoot
  private let probe: Probe
  private(set) var results = Results()
  private var lastStruck: [String: UInt64] = [:]
  /// What a missed tampering left wrong: no later round can say anything about it.
  private var broken: Set<String> = []

  init(_ options: Options, root: TestRoot, probe: Probe) {
    self.options = options
    self.root = root
    self.probe = probe
  }

  /// Ends early when there is nothing more to learn: the daemon is gone, or misses nearly all.
  mutating func run(_ plan: Plan, while isAlive: () -> Bool) throws {
    var rest = plan.rounds[...]
    while !rest.isEmpty, broken.count < 50, isAlive() {
      let moment = rest.prefix(options.burst).filter { !broken.contains($0.target.relativePath) }
      rest = rest.dropFirst(options.burst)
      try tamper(moment.compactMap { try prepare($0.kind, $0.target) })
      if bench_interrupted() { throw BenchError(message: "interrupted") }
    }
    for target in [root.central] + root.homes
    where !broken.contains(target.relativePath) && probe.look(target) != BENCH_APPROVED {
      results.wrongLater.append(target.relativePath)
    }
  }

  private mutating func prepare(_ kind: Kind, _ target: Target) throws -> Tampering? {
    let spacing = UInt64(options.spacingMilliseconds) * 1_000_000
    while let last = lastStruck[target.relativePath], bench_now() < last + spacing {
      Files.pause(milliseconds: 1)
    }
    if kind != .newHome, probe.look(target) != BENCH_APPROVED {
      broken.insert(target.relativePath)
      results.wrongLater.append(target.relativePath)
      return nil
    }
    return try Tampering.prepare(kind, target, root)
  }

  /// All of these at once, each with a clock of its own, which stops at the first look that finds
  /// the target right. In a burst a look comes around only after looks at the others.
  private mutating func tamper(_ tamperings: [Tampering]) throws {
    Files.pause(milliseconds: 1)
    var pending: [(tampering: Tampering, start: UInt64)] = []
    pending.reserveCapacity(tamperings.count)
    for tampering in tamperings {
      let moment = try tampering.strike()
      // Where the daemon may run on this processor, it may have run within the call.
      pending.append((tampering, options.processor == nil ? moment.start : moment.end))
    }
    let lastStart = pending.last?.start ?? 0
    let deadline = lastStart + UInt64(options.timeoutMilliseconds) * 1_000_000

    var restored: [(kind: Kind, latency: UInt64)] = []
    restored.reserveCapacity(tamperings.count)
    while !pending.isEmpty, bench_now() < deadline {
      var index = 0
      while index < pending.count {
        if probe.look(pending[index].tampering.target) == BENCH_APPROVED {
          let now = bench_now()
          restored.append((pending[index].tampering.kind, now - pending[index].start))
          pending.remove(at: index)
          if pending.isEmpty { results.addBurst(now - lastStart) }
        } else {
          index += 1
        }
      }
    }
    for (kind, latency) in restored { results.add(kind, latency) }
    for (tampering, _) in pending {
      miss(tampering, probe.look(tampering.target).name)
    }
    settle(tamperings, deadline)
  }

  /// Nothing goes on in a home until all of it is right, and what the tampering left is gone.
  private mutating func settle(_ tamperings: [Tampering], _ deadline: UInt64) {
    for tampering in tamperings where !broken.contains(tampering.target.relativePath) {
      while !probe.foldersAreRight(tampering.target) {
        if bench_now() > deadline {
          results.unadd(tampering.kind)
          miss(tampering, "in a folder that isn't its user's")
          break
        }
        usleep(100)
      }
    }
    for tampering in tamperings {
      tampering.cleanUp()
      lastStruck[tampering.target.relativePath] = bench_now()
    }
    Files.pause(milliseconds: 1)
  }

  private mutating func miss(_ tampering: Tampering, _ finding: String) {
    results.addMiss(tampering.kind)
    broken.insert(tampering.target.relativePath)
    Files.complain("missed: \(tampering.kind.rawValue): \(tampering.target.path) is \(finding)")
  }
}
