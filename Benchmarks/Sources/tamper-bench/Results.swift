/// The figures of a run.
struct Results {
  private(set) var byKind: [Kind: [UInt64]] = [:]
  private(set) var missed: [Kind: Int] = [:]
  /// From the last strike of a burst until its last home was right.
  private(set) var bursts: [UInt64] = []
  /// Targets that were right, and wrong later without a tampering.
  var wrongLater: [String] = []

  mutating func add(_ kind: Kind, _ latency: UInt64) { byKind[kind, default: []].append(latency) }

  /// Takes back the newest figure of a kind: the file was right, but not all of it.
  mutating func unadd(_ kind: Kind) { _ = byKind[kind]?.popLast() }

  mutating func addMiss(_ kind: Kind) { missed[kind, default: 0] += 1 }

  mutating func addBurst(_ latency: UInt64) { bursts.append(latency) }

  var rows: [Row] {
    Kind.allCases.compactMap { kind in
      let row = Row(kind.rawValue, byKind[kind] ?? [], missed: missed[kind] ?? 0)
      return row.rounds > 0 ? row : nil
    }
  }

  var overall: Row {
    Row("all", byKind.values.flatMap(\.self), missed: missed.values.reduce(0, +))
  }
}

/// One line of figures, in nanoseconds.
struct Row {
  var name: String
  var rounds: Int
  var missed: Int
  private let sorted: [UInt64]

  init(_ name: String, _ latencies: [UInt64], missed: Int) {
    self.name = name
    self.missed = missed
    rounds = latencies.count + missed
    sorted = latencies.sorted()
  }

  /// The nearest rank: always a figure that was measured. Nil if nothing was.
  func percentile(_ percent: Int) -> UInt64? {
    guard !sorted.isEmpty else { return nil }
    let rank = (sorted.count * percent + 99) / 100
    return sorted[max(rank, 1) - 1]
  }

  var figures: [UInt64?] { [50, 95, 99, 100].map(percentile) }

  static let figureNames = ["p50", "p95", "p99", "max"]
}
