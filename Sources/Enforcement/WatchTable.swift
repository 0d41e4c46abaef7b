import Linux

/// Which targets and anchors a watch speaks for.
struct WatchTable {
  enum Listener: Hashable {
    /// An anchor's folder, by its index.
    case anchor(Int32)
    /// The folder at that place on a target's way.
    case target(TargetID, level: Int32)
  }

  /// Those of one watch. Nearly every watch has one listener, and there are tens of thousands.
  enum Listeners: RandomAccessCollection {
    case one(Listener)
    case more([Listener])

    /// Nil for none.
    init?(_ all: [Listener]) {
      guard let first = all.first else { return nil }
      self = all.count == 1 ? .one(first) : .more(all)
    }

    var startIndex: Int { 0 }
    var endIndex: Int { if case .more(let all) = self { all.count } else { 1 } }

    subscript(index: Int) -> Listener {
      switch self {
      case .one(let listener): listener
      case .more(let all): all[index]
      }
    }
  }

  private var listeners: [WatchID: Listeners] = [:]

  var count: Int { listeners.count }

  subscript(watch: WatchID) -> Listeners? { listeners[watch] }

  mutating func add(_ listener: Listener, to watch: WatchID) {
    if let known = listeners[watch] {
      if !known.contains(listener) { listeners[watch] = .more(known + [listener]) }
    } else {
      listeners[watch] = .one(listener)
    }
  }

  /// True if nobody listens to the watch any more.
  mutating func remove(_ listener: Listener, from watch: WatchID) -> Bool {
    guard let known = listeners[watch] else { return false }
    let left = Listeners(known.filter { $0 != listener })
    listeners[watch] = left
    return left == nil
  }

  /// Forgets the anchors of homes; returns the watches that they listened to.
  mutating func removeHomeAnchors() -> [WatchID] {
    let found = listeners.filter { $0.value.contains { $0.isHomeAnchor } }.map(\.key)
    for watch in found {
      listeners[watch] = Listeners(listeners[watch]!.filter { !$0.isHomeAnchor })
    }
    return found
  }

  /// The kernel ended the watch.
  mutating func end(_ watch: WatchID) -> [Listener] {
    listeners.removeValue(forKey: watch).map(Array.init) ?? []
  }
}

extension WatchTable.Listener {
  fileprivate var isHomeAnchor: Bool {
    if case .anchor(let index) = self { index != WatchTable.rootAnchor } else { false }
  }
}
