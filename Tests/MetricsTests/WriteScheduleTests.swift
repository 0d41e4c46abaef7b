import Testing

@testable import Metrics

@Suite struct WriteScheduleTests {
  /// Holds one, so that what changes it can stand in an expectation.
  private final class Schedule {
    private var schedule = WriteSchedule()

    var due: Int64? { schedule.due }
    func changed(at now: Int64) { schedule.changed(at: now) }
    func take(at now: Int64) -> Bool { schedule.take(at: now) }
  }

  private func seconds(_ seconds: Double) -> Int64 { Int64(seconds * 1e9) }

  @Test func withoutAChangeNothingIsDue() {
    let schedule = Schedule()
    #expect(schedule.due == nil)
    #expect(!schedule.take(at: seconds(1e6)))
    schedule.changed(at: seconds(1))
    #expect(schedule.take(at: seconds(1)))
    #expect(schedule.due == nil)
    #expect(!schedule.take(at: seconds(1e6)))
  }

  @Test func manyChangesAreWrittenEveryFifteenSeconds() {
    let schedule = Schedule()
    var writes: [Int64] = []
    for tick in 0..<1000 {
      let now = seconds(Double(tick) / 10)
      schedule.changed(at: now)
      if schedule.take(at: now) { writes.append(now) }
    }
    #expect(writes == (0..<7).map { seconds(Double($0) * 15) })
  }

  @Test func aChangeAfterACalmIsWrittenAtOnce() {
    let schedule = Schedule()
    schedule.changed(at: 0)
    #expect(schedule.take(at: 0))
    schedule.changed(at: seconds(14))
    #expect(schedule.due == seconds(15))
    #expect(!schedule.take(at: seconds(14.9)))
    #expect(schedule.take(at: seconds(15)))
    schedule.changed(at: seconds(100))
    #expect(schedule.due == seconds(100))
  }
}
