import Linux
import MCPConfig
import Policy
import Synchronization

/// The looks of a dry run, on a thread that may wait.
struct DryRunLook: Sendable {
  let site: EnforcementSite
  let current: EnforcementPlan
  let candidate: EnforcementPlan

  func run(_ progress: DryRunProgress) {
    var accounts = AccountDirectory(
      root: site.root, isThrowaway: site.isThrowaway, ownUID: site.daemonUID)
    var builders = Builders(site: site, current: current, candidate: candidate)
    if let anchor = try? Anchor(path: site.root) {
      look(at: builders.hostTargets(anchor), progress)
    }
    let homes = Homes(site: site, current: current.policy, candidate: candidate.policy)
    // Homes that may make a look wait come last, so that the others are told anyway.
    var late: [Homes.Home] = []
    for home in homes.all {
      switch home.folders.entry(home.name) {
      case .home(let status) where home.folders.anchor.isLocal:
        look(at: home, status, &accounts, &builders, progress)
      case .home, .mount: late.append(home)
      case .none, .unreachable: break
      }
    }
    for home in late {
      let entry = HomeFolders.mountedEntry(home.name, in: home.folders.anchor)
      guard case .home(let status) = entry else { continue }
      look(at: home, status, &accounts, &builders, progress)
    }
    progress.result.withLock { $0.isComplete = true }
  }

  private func look(
    at home: Homes.Home, _ status: HomeStatus, _ accounts: inout AccountDirectory,
    _ builders: inout Builders, _ progress: DryRunProgress
  ) {
    progress.step()
    guard let user = owner(of: home, status, &accounts) else { return }
    look(at: builders.targets(of: home, user, status), progress)
  }

  /// On this thread, NSS may be waited for.
  private func owner(
    of home: Homes.Home, _ status: HomeStatus, _ accounts: inout AccountDirectory
  ) -> UserIdentity? {
    func owner() -> AccountDirectory.Owner {
      accounts.owner(ofHome: home.name, uid: status.uid, wantsGroups: true)
    }
    if case .ask = owner() { accounts.take(AccountAnswer(status.uid), of: status.uid) }
    return switch owner() {
    case .user(let user): user
    case .none: nil
    case .ask(let known): known
    }
  }

  private func look(at pairs: [Builders.Pair], _ progress: DryRunProgress) {
    for pair in pairs {
      progress.step()
      guard let spec = pair.candidate else {
        progress.result.withLock { $0.released += 1 }
        continue
      }
      let (isThere, change) = look(at: spec, instead: pair.current)
      progress.result.withLock { result in
        if isThere { result.checked += 1 }
        if let change { result.add(change) }
      }
    }
  }

  /// - Parameter current: what is in force for the same path; nil for a target that would be new.
  private func look(
    at spec: TargetSpec, instead current: TargetSpec?
  ) -> (isThere: Bool, PlannedChange?) {
    guard let expectation = spec.expectation else { return (true, nil) }
    let check = TargetCheck(
      spec: spec, expectation: expectation, adder: nil, known: [], wayStands: false,
      stamp: nil, mayBeUnfinished: false, sizeLimit: JSONLimits().size,
      rollout: current?.expectation.map { .from($0) } ?? .first)
    // Where a restore would be, nothing is done.
    let found = check.run { _, _, _ throws(SystemError) in nil }
    let reason: PlannedChange.Reason = found.isRollout ? .rollout : .drift
    func change(_ verdict: Verdict, _ step: PlannedChange.Step, _ error: SystemError? = nil)
      -> PlannedChange
    {
      PlannedChange(
        target: spec.summary(verdict), step: step, reason: reason, error: error?.description)
    }
    switch found.outcome {
    // Nothing is larger than the limit that the look was given.
    case .compliant, .large: return (true, nil)
    case .homeless: return (false, nil)
    case .drifted(let verdict), .unfinished(let verdict): return (true, change(verdict, .report))
    case .restored(let verdict, _): return (true, change(verdict, .restore))
    case .failed(let verdict, let error): return (true, change(verdict, .fail, error))
    }
  }
}

/// The homes of both plans, each once however many patterns have it.
private struct Homes {
  struct Home {
    var name: FilePath
    var folders: HomeFolders
    var isCurrent = false
    var isCandidate = false
  }

  private(set) var all: [Home] = []

  init(site: EnforcementSite, current: Policy, candidate: Policy) {
    var places: [FilePath: Int] = [:]
    for pattern in candidate.homes + current.homes.filter({ !candidate.homes.contains($0) }) {
      guard let folders = try? HomeFolders(pattern: pattern, site: site) else { continue }
      for name in ((try? folders.names()) ?? []).sorted(by: { $0.text < $1.text }) {
        let path = folders.anchor.path.appending(name)
        let place = places[path] ?? all.count
        if place == all.count {
          places[path] = place
          all.append(Home(name: name, folders: folders))
        }
        if current.homes.contains(pattern) { all[place].isCurrent = true }
        if candidate.homes.contains(pattern) { all[place].isCandidate = true }
      }
    }
  }
}

/// The same target under both plans.
private struct Builders {
  struct Pair {
    var current: TargetSpec?
    /// Nil for a target that the candidate doesn't have.
    var candidate: TargetSpec?
  }

  private var current: TargetBuilder
  private var candidate: TargetBuilder

  init(site: EnforcementSite, current: EnforcementPlan, candidate: EnforcementPlan) {
    self.current = TargetBuilder(site: site, plan: current)
    self.candidate = TargetBuilder(site: site, plan: candidate)
  }

  mutating func hostTargets(_ anchor: Anchor) -> [Pair] {
    Self.pair(current.hostTargets(anchor: anchor), candidate.hostTargets(anchor: anchor))
  }

  mutating func targets(
    of home: Homes.Home, _ user: UserIdentity, _ status: HomeStatus
  ) -> [Pair] {
    func specs(_ builder: inout TargetBuilder) -> [TargetSpec] {
      builder.targets(
        ofHome: home.name, user: user, gid: status.gid, isMount: status.isMount,
        anchor: home.folders.anchor)
    }
    return Self.pair(
      home.isCurrent ? specs(&current) : [], home.isCandidate ? specs(&candidate) : [])
  }

  private static func pair(_ old: [TargetSpec], _ new: [TargetSpec]) -> [Pair] {
    let gone = old.filter { old in !new.contains { $0.path == old.path } }
    return new.map { new in Pair(current: old.first { $0.path == new.path }, candidate: new) }
      + gone.map { Pair(current: $0, candidate: nil) }
  }
}

extension TargetSpec {
  fileprivate func summary(_ verdict: Verdict) -> TargetSummary {
    TargetSummary(
      name: rule.name, path: path, user: user, client: rule.client, mode: rule.mode,
      state: .drifted, isWatched: false, isNoisy: false, findings: verdict.findings)
  }
}
