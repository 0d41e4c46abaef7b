import Linux

/// Which targets and anchors a watch speaks for.
struct WatchTable {
  enum Listener: Hashable {
    /// An anchor's folder, by its index.
    case anchor(Int)
    /// The folder at that place on a target's way.
    case target(TargetID, level: Int)
  }

  private var listeners: [WatchID: [Listener]] = [:]

  var count: Int { listeners.count }

  subscript(watch: WatchID) -> [Listener]? { listeners[watch] }

  mutating func add(_ listener: Listener, to watch: WatchID) {
    if listeners[watch]?.contains(listener) == true { return }
    listeners[watch, default: []].append(listener)
  }

  /// True if nobody listens to the watch any more.
  mutating func remove(_ listener: Listener, from watch: WatchID) -> Bool {
    guard let left = listeners[watch]?.filter({ $0 != listener }) else { return false }
    listeners[watch] = left.isEmpty ? nil : left
    return left.isEmpty
  }

  /// Forgets the anchors of homes; returns the watches that they listened to.
  mutating func removeHomeAnchors() -> [WatchID] {
    let found = listeners.filter { $0.value.contains { $0.isHomeAnchor } }.map(\.key)
    for watch in found {
      let left = listeners[watch]!.filter { !$0.isHomeAnchor }
      listeners[watch] = left.isEmpty ? nil : left
    }
    return found
  }

  /// The kernel ended the watch.
  mutating func end(_ watch: WatchID) -> [Listener] {
    listeners.removeValue(forKey: watch) ?? []
  }
}

extension WatchTable.Listener {
  fileprivate var isHomeAnchor: Bool {
    if case .anchor(let index) = self { index != WatchTable.rootAnchor } else { false }
  }
}
