import Testing

@testable import Metrics

@Suite struct TimeHistogramTests {
  private func buckets(_ times: [Int]) -> [String: Int] {
    var histogram = TimeHistogram()
    for time in times { histogram.record(time) }
    var family = MetricFamily(.histogram, "x", unit: "seconds", "Help.")
    family.add(histogram)
    var found: [String: Int] = [:]
    for sample in family.samples where sample.suffix == "_bucket" {
      guard case .whole(let count) = sample.value else { continue }
      found[sample.labels.last!.value] = count
    }
    return found
  }

  /// An edge belongs to its bucket.
  @Test(arguments: [
    (0, "1e-05"), (10, "1e-05"), (11, "2.5e-05"), (1000, "0.001"), (1001, "0.0025"),
    (10_000_000, "10.0"), (10_000_001, "+Inf"), (Int.max, "+Inf"), (-5, "1e-05"),
  ])
  func edges(_ time: Int, _ first: String) {
    let found = buckets([time])
    #expect(found["+Inf"] == 1)
    #expect(found[first] == 1)
    let below = found.filter { Double($0.key) ?? .infinity < Double(first) ?? .infinity }
    #expect(below.values.allSatisfy { $0 == 0 })
  }

  @Test func bucketsAddUp() {
    let found = buckets([5, 20, 20, 300, 2_000_000, 99_000_000])
    #expect(found["1e-05"] == 1 && found["2.5e-05"] == 3 && found["0.0005"] == 4)
    #expect(found["1.0"] == 4 && found["2.5"] == 5 && found["10.0"] == 5 && found["+Inf"] == 6)
    let text = { (histogram: TimeHistogram) in
      var family = MetricFamily(.histogram, "x", unit: "seconds", "Help.")
      family.add(histogram)
      return Exposition.openMetrics([family])
    }
    var histogram = TimeHistogram()
    histogram.record(1_500_000)
    histogram.record(250)
    #expect(text(histogram).contains("x_seconds_count 2\nx_seconds_sum 1.50025\n"))
    #expect(text(TimeHistogram()).contains("x_seconds_count 0\nx_seconds_sum 0.0\n"))
  }
}
