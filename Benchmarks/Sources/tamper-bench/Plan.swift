/// The rounds, all of them drawn beforehand so that a seed repeats them.
struct Plan {
  private(set) var rounds: [(kind: Kind, target: Target)] = []

  init(_ options: Options, root: TestRoot, seed: UInt64) {
    var random = SplitMix64(state: seed)
    // One central target only: alone it can't be left in peace.
    let isCentralOnly = options.kinds.allSatisfy { $0 == .centralChanged }
    // How many rounds a target is left in peace; a burst is one moment and needs distinct ones.
    let rest = max(options.burst - 1, min(50, options.homes / 2))
    var recent: [String] = []
    while rounds.count < options.rounds {
      let kind = options.kinds.randomElement(using: &random)!
      let target =
        switch kind {
        case .centralChanged: root.central
        case .newHome: root.newHome()
        default: root.homes.randomElement(using: &random)!
        }
      if recent.contains(target.relativePath), !isCentralOnly { continue }
      rounds.append((kind, target))
      recent.append(target.relativePath)
      if recent.count > rest { recent.removeFirst() }
    }
  }
}

/// Small, fast, and the same everywhere for the same seed.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
