/// Microseconds by powers of the fourth root of two: percentiles within 19 % at any scale, in 128
/// counters.
public struct LatencyHistogram: Sendable {
  private var counts = [Int](repeating: 0, count: 128)
  public private(set) var count = 0
  public private(set) var max = 0

  public init() {}

  public mutating func record(_ microseconds: Int) {
    counts[Self.bucket(microseconds)] += 1
    count += 1
    max = Swift.max(max, microseconds)
  }

  /// The upper edge of the bucket in which that share of all lies; nil if nothing was recorded.
  public func percentile(_ share: Double) -> Int? {
    guard count > 0 else { return nil }
    let rank = Int((Double(count) * share).rounded(.up))
    var seen = 0
    for (bucket, amount) in counts.enumerated() {
      seen += amount
      if seen >= rank { return min(Self.upperEdge(bucket), max) }
    }
    return max
  }

  /// Four buckets an octave, by the value's highest bit and the two below it.
  private static func bucket(_ microseconds: Int) -> Int {
    let value = Swift.max(microseconds, 4)
    let octave = Int.bitWidth - 1 - value.leadingZeroBitCount
    return min((octave - 2) * 4 + (value >> (octave - 2) & 3), 127)
  }

  private static func upperEdge(_ bucket: Int) -> Int {
    let octave = bucket / 4 + 2
    return (5 + bucket % 4) << (octave - 2)
  }
}
