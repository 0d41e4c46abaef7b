import Linux
import Testing

@testable import Enforcement

@Suite struct HomeScheduleTests {
  private func time(_ seconds: Double) -> MonotonicTime {
    MonotonicTime(nanoseconds: 1_000_000_000).advanced(bySeconds: seconds)
  }

  @Test func aHomeHasOneJobUnderWay() {
    var schedule = HomeSchedule<String>(width: 3)
    for number in 1...3 { schedule.add("alice \(number)", of: "/home/alice") }
    schedule.add("bob 1", of: "/home/bob")
    #expect(schedule.next(at: time(0)) == "alice 1")
    #expect(schedule.next(at: time(0)) == "bob 1")
    #expect(schedule.next(at: time(0)) == nil)
    schedule.finished("/home/alice")
    #expect(schedule.next(at: time(0)) == "alice 2")
  }

  @Test func homesTakeTurns() {
    var schedule = HomeSchedule<String>(width: 1)
    for number in 1...3 { schedule.add("alice \(number)", of: "/home/alice") }
    schedule.add("bob 1", of: "/home/bob")
    var order: [String] = []
    while let job = schedule.next(at: time(0)) {
      order.append(job)
      schedule.finished(job.hasPrefix("alice") ? "/home/alice" : "/home/bob")
    }
    #expect(order == ["alice 1", "bob 1", "alice 2", "alice 3"])
  }

  @Test func blockedHomesHoldNobodyElse() {
    var schedule = HomeSchedule<Int>(width: 3)
    for number in 0..<10 { schedule.add(number, of: FilePath("/home/hung\(number)")) }
    schedule.add(99, of: "/home/bob")
    var started: [Int] = []
    var now = 0.0
    for _ in 0..<10 {
      while let job = schedule.next(at: time(now)) { started.append(job) }
      #expect(schedule.nextDeadline.map { $0 > time(now) } ?? true)
      now += 1
      _ = schedule.newlyBlocked(at: time(now))
    }
    #expect(started.contains(99))
    #expect(schedule.blocked.count >= 10)
  }

  @Test func itSaysOnceWhoIsBlocked() {
    var schedule = HomeSchedule<Int>(width: 3)
    schedule.add(1, of: "/home/hung")
    _ = schedule.next(at: time(0))
    #expect(schedule.nextDeadline == time(1))
    #expect(schedule.newlyBlocked(at: time(0.9)).isEmpty)
    #expect(schedule.newlyBlocked(at: time(1)) == ["/home/hung"])
    #expect(schedule.newlyBlocked(at: time(2)).isEmpty)
    #expect(schedule.blocked == ["/home/hung"])
    schedule.finished("/home/hung")
    #expect(schedule.blocked.isEmpty)
  }

  @Test func standInsAreBounded() {
    var schedule = HomeSchedule<Int>(width: 3)
    for number in 0..<100 { schedule.add(number, of: FilePath("/home/hung\(number)")) }
    for second in 0..<100 {
      while schedule.next(at: time(Double(second))) != nil {}
      _ = schedule.newlyBlocked(at: time(Double(second) + 1))
    }
    #expect(schedule.activeCount == 35)
  }
}
