import MCPConfig
import Policy
import Testing

@testable import Reporting

/// What is counted in bounded memory.
@Suite struct CountingTests {
  @Test func smallTimesAreExact() {
    var times = TimeHistogram()
    #expect(times.mean == nil && times.percentile(95) == nil)
    for value in 1...100 { times.record(value) }
    #expect(
      times.percentile(95) == 95 && times.percentile(50) == 50 && times.percentile(100) == 100)
    #expect(times.mean == 51 && times.sum == 5050 && times.max == 100)
  }

  @Test func percentilesAreNearTheNearestRank() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<50 {
      var times = TimeHistogram()
      let count = Int.random(in: 1...400, using: &random)
      let values = (0..<count).map { _ in
        Int.random(in: 0...(1 << Int.random(in: 1...41)), using: &random)
      }
      for value in values { times.record(value) }
      let sorted = values.map { min($0, 1 << 40) }.sorted()
      for percent in [1, 50, 95, 99, 100] {
        let exact = sorted[(count * percent + 99) / 100 - 1]
        let told = times.percentile(percent)!
        #expect(exact <= told && told <= exact + exact / 128, "\(percent) % of \(sorted)")
      }
      #expect(times.bands.reduce(0, +) == count)
    }
  }

  @Test func bandsHaveTheirEdges() {
    var times = TimeHistogram()
    for value in [0, 100, 101, 1000, 1001, 1_000_000, 1_000_001] { times.record(value) }
    #expect(times.bands == [2, 2, 1, 0, 1, 1])
  }

  @Test func aFloodOfNamesDrivesOutNoneThatComesOften() {
    var counts = BoundedCounts(limit: 100)
    for number in 0..<10_000 {
      counts.add("git", .high, 1)
      counts.add(ByteString("server-\(number)"), .low, 1)
    }
    #expect(counts.counts.count <= 100 && counts.isCut)
    #expect(counts.counts["git"]?.high == 10_000)
    let all = counts.sorted().reduce(0) { $0 + $1.counts.total } + counts.others.total
    #expect(all == 20_000)
    #expect(counts.sorted().first?.name == "git")
  }

  /// Swift's strings would take the two for one.
  @Test func namesAreBytes() {
    var counts = BoundedCounts()
    counts.add("Kiro", .low, 1)
    counts.add("\u{212A}iro", .low, 1)
    #expect(counts.counts.count == 2)
  }

  @Test func eachIncidentIsNewOnce() {
    var seen = SeenIncidents()
    var new = 0
    for number in 0..<50_000 {
      let print = SeenIncidents.print(of: ByteString("\(number)"), at: "a")
      if seen.insert(print, Severity.allCases[number % 4]) { new += 1 }
    }
    #expect(new == 50_000)
    let again = seen.insert(SeenIncidents.print(of: "7", at: "a"), .low)
    let elsewhere = seen.insert(SeenIncidents.print(of: "7", at: "b"), .low)
    #expect(!again && elsewhere)
    #expect(seen.severity(SeenIncidents.print(of: "7", at: "a")) == .critical)
    #expect(seen.severity(SeenIncidents.print(of: "none", at: "a")) == nil)
    #expect(seen.count == 50_001)
  }

  @Test func whatHasNoRoomIsTakenForNew() {
    var seen = SeenIncidents(limit: 10)
    let first = (1...20).map { seen.insert(UInt64($0), .low) }
    let second = (1...20).map { seen.insert(UInt64($0), .low) }
    #expect(first == [Bool](repeating: true, count: 20))
    #expect(second == (1...20).map { $0 > 10 } && seen.count == 10)
  }
}
