import Linux
import Testing

@testable import Enforcement

@Suite struct EventPaceTests {
  private func time(_ seconds: Double) -> MonotonicTime {
    MonotonicTime(nanoseconds: 1_000_000_000).advanced(bySeconds: seconds)
  }

  /// Batches that come one after the other, as fast as the pace lets them, for ten seconds.
  private func busyShare(batch microseconds: Double) -> Double {
    var pace = EventPace()
    var now = 0.0
    var busy = 0.0
    while now < 10 {
      now += microseconds / 1e6
      busy += microseconds / 1e6
      if let resume = pace.spent(microseconds, at: time(now)) {
        now = Double(resume.nanoseconds - time(0).nanoseconds) / 1e9
      }
    }
    return busy / 10
  }

  @Test func seldomBatchesAreReadAtOnce() {
    var pace = EventPace()
    for number in 0..<10_000 {
      let resume = pace.spent(50, at: time(Double(number) * 0.001))
      #expect(resume == nil)
    }
  }

  @Test(arguments: [5.0, 20, 100, 200])
  func aFloodOfSmallBatchesTakesItsShare(batch: Double) {
    #expect(busyShare(batch: batch) < 0.2)
  }

  @Test func largeBatchesLeaveHalfOfTheTime() {
    #expect(busyShare(batch: 3000) < 0.55)
  }

  @Test func afterTheFloodEventsAreReadAtOnceAgain() {
    var pace = EventPace()
    for number in 0..<10_000 { _ = pace.spent(100, at: time(Double(number) * 0.0001)) }
    let resume = pace.spent(10, at: time(2))
    #expect(resume == nil)
  }
}
