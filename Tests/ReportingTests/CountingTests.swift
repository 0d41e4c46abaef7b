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

  @Test func theFirstResponseCounts() {
    var seen = SeenIncidents(limit: 3000)
    for number in 1...2000 {
      let print = UInt64(number)
      // Half of the responses come before their incidents.
      if number % 2 == 0 { _ = seen.insert(print, .high) }
      for delay in [number + 7, number, number + 3] {
        let isKept = seen.respond(
          print, after: Int64(delay), isResolved: delay == number + 7 && number % 4 == 0)
        #expect(isKept)
      }
      if number % 2 == 1 { #expect(seen.severity(print) == nil) }
    }
    for number in stride(from: 1, to: 1000, by: 2) { _ = seen.insert(UInt64(number), .low) }
    var (high, low, resolved, sum) = (0, 0, 0, 0)
    seen.forEachResponse { severity, delay, isResolved in
      if severity == .high { high += 1 } else { low += 1 }
      if isResolved { resolved += 1 }
      sum += Int(delay)
    }
    #expect(high == 1000 && low == 500 && resolved == 500)
    #expect(sum == (1...1000).reduce(0) { $0 + 2 * $1 } + 500 * 500)
    let early = seen.respond(1, after: -5, isResolved: false)
    #expect(early)
    for number in 2001...3000 { _ = seen.insert(UInt64(number), .low) }
    let beyond = seen.respond(9999, after: 1, isResolved: false)
    #expect(!beyond)
  }
}
