import Linux
import Policy

/// Homes that can't be looked at, or whose owner isn't known yet.
extension Enforcer {
  /// A worker asks NSS, which may wait for another host; until it answers, what is known stays.
  func askAbout(_ uid: UInt32, _ name: FilePath, _ anchor: Anchor) {
    unknownOwners[uid, default: [:]][anchor.path.appending(name)] = (name, anchor)
    homeWorkers.ask(uid)
  }

  func answered(_ uid: UInt32, _ answer: AccountAnswer) {
    if let error = answer.error { degradedOnce(error, path: "uid \(uid)") }
    accounts.take(answer, of: uid)
    guard let waiting = unknownOwners.removeValue(forKey: uid), answer.error == nil else { return }
    for (name, anchor) in waiting.values {
      guard let index = homeFolders.firstIndex(where: { $0.anchor === anchor }) else { continue }
      refreshHome(name, index)
    }
  }

  /// A home that can't be looked at keeps its targets: they are in an unknown state, not gone.
  func unreachable(_ name: FilePath, _ index: Int, _ error: SystemError) {
    for id in homes[index][name]?.targets ?? [] { targets[id]?.state = .unreachable }
    let anchor = homeFolders[index].anchor
    let home = anchor.path.appending(name)
    let attempts = (lostHomes[home]?.attempts ?? 0) + 1
    lostHomes[home] = LostHome(name: name, anchor: anchor, attempts: attempts)
    degradedOnce(error, path: home.text)
  }

  /// Looks again at homes that couldn't be looked at.
  func retryLostHomes(now: MonotonicTime) {
    for (home, lost) in lostHomes where lost.due <= now {
      guard let index = homeFolders.firstIndex(where: { $0.anchor === lost.anchor }) else {
        lostHomes[home] = nil
        continue
      }
      homeChanged(lost.name, index, now)
      // Still lost if it has been tried once more.
      if lostHomes[home]?.attempts == lost.attempts { lostHomes[home] = nil }
    }
  }
}

/// A home that couldn't be looked at.
struct LostHome {
  var name: FilePath
  var anchor: Anchor
  var attempts: Int
  /// When to look again: soon at first.
  var due: MonotonicTime

  init(name: FilePath, anchor: Anchor, attempts: Int) {
    self.name = name
    self.anchor = anchor
    self.attempts = attempts
    due = MonotonicTime.now.advanced(bySeconds: min(0.1 * Double(1 << min(attempts, 6)), 5))
  }
}
