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

  /// The kernel ended the watch.
  mutating func end(_ watch: WatchID) -> [Listener] {
    listeners.removeValue(forKey: watch) ?? []
  }
}
