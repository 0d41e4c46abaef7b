import Linux
import Testing

@testable import Enforcement

@Suite struct DirtyTargetsTests {
  private func time(_ number: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: number) }

  @Test func eachTargetWaitsOnce() {
    var dirty = DirtyTargets()
    for second in 1...1000 { dirty.mark(7, at: time(Int64(second))) }
    dirty.mark(8, at: time(1001))
    #expect(dirty.next()?.target == 7)
    #expect(dirty.next()?.target == 8)
    #expect(dirty.next() == nil)
    #expect(dirty.isEmpty)
  }

  @Test func latencyCountsFromTheFirstHint() {
    var dirty = DirtyTargets()
    dirty.mark(7, at: time(5))
    dirty.mark(7, at: time(9))
    #expect(dirty.next()?.since == time(5))
  }

  /// A storm on one target can't put another one off by more than one look.
  @Test func noisyTargetWaitsBehindTheOthers() {
    var dirty = DirtyTargets()
    dirty.mark(1, at: time(1))
    dirty.mark(2, at: time(1))
    #expect(dirty.next()?.target == 1)
    dirty.mark(1, at: time(2))
    #expect(dirty.next()?.target == 2)
    #expect(dirty.next()?.target == 1)
  }

  @Test func hintsComeBeforeASweep() {
    var dirty = DirtyTargets()
    for target in 1...100 { dirty.markForSweep(target, at: time(1)) }
    dirty.mark(50, at: time(2))
    #expect(dirty.next()?.target == 50)
    #expect(dirty.next()?.target == 1)
  }

  @Test func removedTargetsAreSkipped() {
    var dirty = DirtyTargets()
    for target in 1...5000 { dirty.mark(target, at: time(1)) }
    for target in 1...4999 { dirty.remove(target) }
    #expect(dirty.next()?.target == 5000)
    #expect(dirty.next() == nil)
  }
}

@Suite struct LatencyHistogramTests {
  @Test func percentilesAreWithinAFifthOfTheTruth() {
    var histogram = LatencyHistogram()
    for microseconds in 1...10_000 { histogram.record(microseconds) }
    for (share, truth) in [(0.5, 5000.0), (0.95, 9500), (0.99, 9900)] {
      let found = Double(histogram.percentile(share) ?? 0)
      #expect(found >= truth && found <= truth * 1.25)
    }
    #expect(histogram.max == 10_000)
  }

  @Test func nothingRecordedHasNoPercentile() {
    #expect(LatencyHistogram().percentile(0.5) == nil)
  }

  @Test(arguments: [0, 1, 4, Int.max]) func takesAnyDuration(_ microseconds: Int) {
    var histogram = LatencyHistogram()
    histogram.record(microseconds)
    #expect(histogram.count == 1)
    #expect(histogram.percentile(1) != nil)
  }
}
