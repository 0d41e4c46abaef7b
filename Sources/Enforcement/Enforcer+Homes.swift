import Glibc
import Linux
import MCPConfig
import Policy

/// Finding homes, and turning a plan into targets.
extension Enforcer {
  /// Takes a plan into force in one step. Targets that stay keep their watches, so that nothing goes
  /// unwatched in between; all are looked at anew.
  ///
  /// - Parameter isFirstRollout: whether this copy was never rolled out, so that targets without a
  ///   file are no drift.
  public func apply(_ plan: EnforcementPlan, isFirstRollout: Bool) {
    expectsNothing = isFirstRollout
    defer { expectsNothing = true }
    self.plan = plan
    builder = TargetBuilder(site: site, plan: plan)
    discardStagedCopies()
    degradations = []
    leaveHomeFolders { !plan.policy.homes.contains($0.source) || !$0.anchor.isCurrent }
    openMissingHomeFolders()
    hostTargets = replace(hostTargets, with: builder.hostTargets(anchor: rootAnchor))
    watchRoot()
    for index in homeFolders.indices { scanHomes(index, rebuild: true) }
    markAllForSweep()
  }

  /// Whose homes these are may have changed: an account that goes takes its targets with it, so that
  /// whoever removes a user's home isn't undone.
  func followAccounts() {
    guard accounts.reloadIfChanged() else { return }
    for index in homeFolders.indices { scanHomes(index, rebuild: false) }
  }

  /// Looks for homes that appeared without an event, and forgets those that went.
  func rescanHomes() {
    _ = accounts.reloadIfChanged()
    leaveHomeFolders { !$0.anchor.isCurrent }
    lostHomeFolders = false
    mayFindHomeFolders = false
    openMissingHomeFolders()
    for index in homeFolders.indices { scanHomes(index, rebuild: false) }
  }

  /// Drops folders of homes with all their homes; the others keep theirs, and their watches.
  private func leaveHomeFolders(where isLeft: (HomeFolders) -> Bool) {
    let left = homeFolders.indices.filter { isLeft(homeFolders[$0]) }
    guard !left.isEmpty else { return }
    for index in left {
      for name in Array(homes[index].keys) { dropHome(name, index) }
    }
    let kept = homeFolders.indices.filter { !left.contains($0) }
    homes = kept.map { homes[$0] }
    homeFolders = kept.map { homeFolders[$0] }
    // Listeners know an anchor by its index.
    let unheard = watches.removeHomeAnchors()
    for (index, folders) in homeFolders.enumerated() {
      watchAnchor(folders.anchor, .anchor(Int32(index)))
    }
    for watch in unheard where watches[watch] == nil { watcher.forget(watch) }
  }

  private func openMissingHomeFolders() {
    for pattern in plan.policy.homes where !homeFolders.contains(where: { $0.source == pattern }) {
      do throws(SystemError) {
        let folders = try HomeFolders(pattern: pattern, site: site)
        if !folders.anchor.tellsEvents {
          sink.degraded(
            Finding(
              .watchDegraded, field: "file-system", rule: "default",
              "The file system of \"\(pattern)\" doesn't tell all changes; they are found by sweeps."
            ),
            path: folders.anchor.path.text)
        }
        let index = homeFolders.count
        homeFolders.append(folders)
        homes.append([:])
        watchAnchor(folders.anchor, .anchor(Int32(index)))
      } catch {
        // Homes that don't exist yet: the next sweep looks again.
        if error.errno != ENOENT { degradedOnce(error, path: pattern) }
      }
    }
  }

  /// The root's own entries lead to the targets outside of homes.
  private func watchRoot() {
    if !hostTargets.isEmpty { watchAnchor(rootAnchor, .anchor(WatchTable.rootAnchor)) }
  }

  private func watchAnchor(_ anchor: Anchor, _ listener: WatchTable.Listener) {
    do throws(SystemError) {
      watches.add(listener, to: try watcher.adder.watch(anchor.folder, WatchAdder.structure))
    } catch {
      degraded(error, path: anchor.path.text)
    }
  }

  private func scanHomes(_ index: Int, rebuild: Bool) {
    guard let names = try? homeFolders[index].names() else { return }
    if homes[index].isEmpty, isProvisioned {
      ReadAhead.begin(names, at: homeFolders[index].anchor, files: builder.filesOfHomes)
    }
    let found = Set(names)
    for name in homes[index].keys where !found.contains(name) { dropHome(name, index) }
    for name in names { refreshHome(name, index, rebuild: rebuild) }
  }

  /// Holds what is known of a home against what is there.
  func refreshHome(_ name: FilePath, _ index: Int, rebuild: Bool = false) {
    guard homeFolders[index].matches(name) else { return }
    switch homeFolders[index].entry(name) {
    case .none: dropHome(name, index)
    case .home(let status): adopt(name, index, status, rebuild: rebuild)
    case .mount:
      // What is known stays in force until a worker has looked.
      if rebuild, let known = homes[index][name] { adopt(name, index, known.status, rebuild: true) }
      homeWorkers.probe(name, homeFolders[index].anchor)
    case .unreachable(let error): unreachable(name, index, error)
    }
  }

  /// Takes what a worker found at a home that is a mount of its own.
  func probed(_ name: FilePath, _ anchor: Anchor, _ entry: HomeFolders.Entry) {
    guard let index = homeFolders.firstIndex(where: { $0.anchor === anchor }) else { return }
    switch entry {
    case .none, .mount: dropHome(name, index)
    case .home(let status): adopt(name, index, status, rebuild: false)
    case .unreachable(let error): unreachable(name, index, error)
    }
  }

  private func adopt(_ name: FilePath, _ index: Int, _ status: HomeStatus, rebuild: Bool) {
    let user: UserIdentity
    switch accounts.owner(ofHome: name, uid: status.uid, wantsGroups: wantsGroups) {
    case .none: return dropHome(name, index)
    case .user(let found): user = found
    case .ask(let last):
      askAbout(status.uid, name, homeFolders[index].anchor)
      guard let last else { return }
      user = last
    }
    let known = homes[index][name]
    if let known, known.user == user, known.status == status, !rebuild { return }
    let specs = builder.targets(
      ofHome: name, user: user, gid: status.gid, isMount: status.isMount,
      anchor: homeFolders[index].anchor)
    let ids = replace(known?.targets ?? [], with: specs)
    homes[index][name] = Home(user: user, status: status, targets: ids)
    if let known, known.user.uid != user.uid {
      giveMadeFolders(of: ids, from: known.user.uid, to: status)
    }
  }

  private var wantsGroups: Bool {
    plan.policy.whitelist.rules.contains { !$0.groups.isEmpty }
  }

  func dropHome(_ name: FilePath, _ index: Int) {
    guard let home = homes[index].removeValue(forKey: name) else { return }
    for id in home.targets { dropTarget(id) }
  }

  /// Targets of the same path go on under the new spec; the others go or come.
  private func replace(_ old: [TargetID], with specs: [TargetSpec]) -> [TargetID] {
    var left = old
    let ids = specs.map { spec -> TargetID in
      let same = left.firstIndex { targets[$0]?.spec.hasPath(of: spec) == true }
      guard let same, let target = targets[left.remove(at: same)] else {
        let target = makeTarget(spec)
        target.rollout = expectsNothing ? .first : nil
        return target.id
      }
      take(spec, target)
      return target.id
    }
    for id in left { dropTarget(id) }
    for id in ids { markDirty(id, at: .now) }
    return ids
  }

  private func take(_ spec: TargetSpec, _ target: Target) {
    if let previous = target.spec.expectation {
      // A target that was never looked at under the last plan still waits for its first copy.
      if case .first? = target.rollout {} else { target.rollout = .from(previous) }
    } else {
      target.rollout = expectsNothing ? .first : nil
    }
    if target.spec.kind != spec.kind || target.spec.rule.mode != spec.rule.mode {
      if target.tracker.hasSaid { sink.settled(target.path) }
      target.tracker = DriftTracker()
    }
    target.spec = spec
    target.stamp = nil
    target.wayStands = false
  }

  func dropTarget(_ id: TargetID) {
    guard let target = targets.removeValue(forKey: id) else { return }
    if target.tracker.hasSaid { sink.settled(target.path) }
    if target.brake.isNoisy { sink.calmed(target.path) }
    release(target)
    setFolders([], of: target)
    dirty.remove(id)
    retries[id] = nil
    for index in sweeps.indices { sweeps[index].finished(id, nil) }
    endSweeps()
  }

  /// A home that is given its owner only after it appears, as `useradd` does, may have got its
  /// folders before: they go to the owner too.
  private func giveMadeFolders(of ids: [TargetID], from old: UInt32, to status: HomeStatus) {
    for id in ids {
      guard let target = targets[id] else { continue }
      var refused: SystemError?
      let spec = target.spec
      for level in 2..<max(spec.components.count, 2) {
        let walker = PathWalker(
          anchor: spec.anchor, components: Array(spec.components[...level]),
          rules: WalkRules(
            owners: spec.walkRules.owners.with(old), mayCrossMounts: false,
            homeIsMount: spec.walkRules.homeIsMount),
          adder: nil)
        guard let walk = try? walker.walk(known: [], refused: &refused), walk.stop == nil,
          let folder = try? walk.folder.reopenedFolder(), (try? folder.status())?.uid == old
        else { break }
        try? folder.setOwner(uid: status.uid, gid: status.gid)
      }
    }
  }
}
