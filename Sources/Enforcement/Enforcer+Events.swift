import Linux
import Policy

/// Turning events into hints.
extension Enforcer {
  /// Takes what waits in the kernel's queue. Bounded, so that a storm can't keep the loop here.
  public func handleEvents() {
    let (now, started) = (MonotonicTime.now, ThreadTime.now)
    var changedHomes: Set<HomeEntry> = []
    followAccounts()
    batch += 1
    holdsEvents = !watcher.drain(limit: Self.eventsPerBatch) { event in
      if event.isOverflow {
        overflowCount += 1
        mustSweep = true
        return
      }
      guard let listeners = watches[event.watch] else {
        if homeWorkers.isBusy, strays.count < Self.strayLimit { strays.insert(event.watch) }
        return
      }
      for listener in listeners {
        switch listener {
        case .anchor(WatchTable.rootAnchor): hintHostTargets(event, now)
        case .anchor(let index):
          if event.isAboutFolder {
            lostHomeFolders = true
          } else if let name = FilePath(event.name), name.isComponent {
            changedHomes.insert(HomeEntry(index: Int(index), name: name))
          }
        case .target(let id, let level): hint(id, Int(level), event, now)
        }
      }
      if event.endsWatch { endWatch(event.watch) }
    }
    for home in changedHomes { homeChanged(home.name, home.index, now) }
    if lostHomeFolders || mayFindHomeFolders { rescanHomes() }
    if mustSweep { recoverFromOverflow() }
    eventsResume = pace.spent(ThreadTime.now.microseconds(since: started), at: .now)
  }

  private static let eventsPerBatch = 2048
  /// Events of one batch that make their target noisy at once: alone they would fill the queue.
  private static let tripBatch = 1024

  private struct HomeEntry: Hashable {
    var index: Int
    var name: FilePath
  }

  /// Watches that no target has yet; while a worker hangs, they could be many.
  private static let strayLimit = 65_536

  private func hintHostTargets(_ event: FolderEvent, _ now: MonotonicTime) {
    if homeFolders.count < plan.policy.homes.count { mayFindHomeFolders = true }

    for id in hostTargets {
      guard let target = targets[id], event.names(target.spec.components[0]) else { continue }
      target.touchWay()
      markDirty(id, at: now)
    }
  }

  private func hint(_ id: TargetID, _ level: Int, _ event: FolderEvent, _ now: MonotonicTime) {
    guard let target = targets[id] else { return }
    pay(target, now)
    let components = target.spec.components
    if event.isAboutFolder {
      target.touchWay()
    } else {
      guard event.names(components[level + 1]) else { return }
      if level + 2 < components.count { target.touchWay() }
    }
    markDirty(id, at: now)
  }

  private func pay(_ target: Target, _ now: MonotonicTime) {
    if target.batch != batch {
      target.batch = batch
      target.batchEvents = 0
    }
    target.batchEvents += 1
    charge(target, StormBrake.eventCost, at: now)
    if target.batchEvents > Self.tripBatch { trip(target, at: now) }
  }

  private func endWatch(_ watch: WatchID) {
    for case .target(let id, let level) in watches.end(watch) {
      guard let target = targets[id], level < target.folders.count,
        target.folders[Int(level)].watch == watch
      else { continue }
      target.folders[Int(level)].watch = nil
    }
  }

  /// A target's walk didn't get into its home.
  func reviewHome(of target: Target) {
    guard let index = homeFolders.firstIndex(where: { $0.anchor === target.spec.anchor }) else {
      return
    }
    refreshHome(target.spec.components[0], index)
  }

  func homeChanged(_ name: FilePath, _ index: Int, _ now: MonotonicTime) {
    guard index < homeFolders.count, homeFolders[index].matches(name) else { return }
    refreshHome(name, index)
    for id in homes[index][name]?.targets ?? [] {
      targets[id]?.touchWay()
      markDirty(id, at: now)
    }
  }

  /// Events were lost: whatever they said, a look at everything says it too.
  private func recoverFromOverflow() {
    mustSweep = false
    tellOverflow()
    rescanHomes()
    for target in targets.values { target.touchWay() }
    markAllForSweep()
  }
}

extension Enforcer {
  /// Says so at most once a minute: a user can make the queue overflow at will.
  private func tellOverflow() {
    let now = MonotonicTime.now
    if let told = overflowTold, now < told.advanced(bySeconds: 60) { return }
    overflowTold = now
    sink.degraded(
      Finding(
        .watchDegraded, field: "overflow", rule: "default",
        "The kernel's queue of file events overflowed (\(overflowCount) times so far); everything was looked at anew."
      ), path: site.root.text)
  }
}

extension FolderEvent {
  func names(_ component: FilePath) -> Bool {
    name.elementsEqual(component.bytes)
  }
}

extension WatchTable {
  /// The index that stands for the root's anchor among the anchors of homes.
  static let rootAnchor: Int32 = -1
}
