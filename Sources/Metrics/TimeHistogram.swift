/// How long things took, counted in fixed buckets from 10 µs to 10 s: so that hosts can be added up.
public struct TimeHistogram: Sendable {
  /// Upper edges, in microseconds.
  static let edges = [
    10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
    1_000_000, 2_500_000, 5_000_000, 10_000_000,
  ]

  /// One more than edges: the last is for what took longer.
  private var counts = [Int](repeating: 0, count: TimeHistogram.edges.count + 1)
  public private(set) var count = 0
  private var microseconds = 0

  public init() {}

  public mutating func record(_ microseconds: Int) {
    let index = Self.edges.firstIndex { microseconds <= $0 } ?? Self.edges.count
    counts[index] += 1
    count += 1
    // A clock that lies must not make the sum overflow.
    self.microseconds += min(max(microseconds, 0), 86_400_000_000)
  }
}

extension MetricFamily {
  /// The samples of a histogram of seconds.
  public mutating func add(_ histogram: TimeHistogram) {
    var total = 0
    let buckets = zip(TimeHistogram.edges, histogram.buckets).map { edge, count in
      total += count
      return (upTo: Double(edge) / 1e6, count: total)
    }
    add(buckets: buckets, sum: histogram.seconds, count: histogram.count)
  }
}

extension TimeHistogram {
  fileprivate var buckets: [Int] { counts }
  /// The sum of all.
  fileprivate var seconds: Double { Double(microseconds) / 1e6 }
}
