/// Durations in microseconds by 128 steps an octave: a percentile is told to within 0.8 %, in some
/// five thousand counters however many there are. Below 256 µs it is exact.
public struct TimeHistogram: Sendable {
  private var counts = [Int](repeating: 0, count: Self.index(Self.longest) + 1)
  public private(set) var count = 0
  public private(set) var sum = 0
  public private(set) var max = 0
  /// How many were no longer than each of `bandEdges`, but longer than the one before; the last is
  /// for what is longer than all.
  public private(set) var bands = [Int](repeating: 0, count: Self.bandEdges.count + 1)

  public static let bandEdges = [100, 1000, 10_000, 100_000, 1_000_000]
  /// Longer ones count as this one.
  private static let longest = 1 << 40
  private static let exact = 256
  private static let stepBits = 7

  public init() {}

  public mutating func record(_ microseconds: Int) {
    let value = Swift.min(Swift.max(microseconds, 0), Self.longest)
    counts[Self.index(value)] += 1
    count += 1
    sum += value
    max = Swift.max(max, value)
    bands[Self.bandEdges.firstIndex { value <= $0 } ?? Self.bandEdges.count] += 1
  }

  /// Rounded to the nearest microsecond; nil if nothing was recorded.
  public var mean: Int? { count == 0 ? nil : (sum + count / 2) / count }

  /// The smallest duration that so many percent of all don't exceed (nearest rank), or up to 0.8 %
  /// more; nil if nothing was recorded.
  public func percentile(_ percent: Int) -> Int? {
    guard count > 0 else { return nil }
    let rank = (count * percent + 99) / 100
    var seen = 0
    for (index, amount) in counts.enumerated() {
      seen += amount
      if seen >= rank { return Swift.min(Self.upperEdge(index), max) }
    }
    return max
  }

  private static func index(_ value: Int) -> Int {
    guard value >= exact else { return value }
    let octave = Int.bitWidth - 1 - value.leadingZeroBitCount
    let steps = 1 << stepBits
    return exact + (octave - stepBits - 1) * steps + (value >> (octave - stepBits)) - steps
  }

  private static func upperEdge(_ index: Int) -> Int {
    guard index >= exact else { return index }
    let steps = 1 << stepBits
    let octave = (index - exact) / steps + stepBits + 1
    let step = (index - exact) % steps
    return (steps + step + 1) << (octave - stepBits) - 1
  }
}
