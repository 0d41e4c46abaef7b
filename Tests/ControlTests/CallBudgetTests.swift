import Linux
import Testing

@testable import Control

@Suite struct CallBudgetTests {
  private func time(_ seconds: Double) -> MonotonicTime {
    MonotonicTime(nanoseconds: 1_000_000_000).advanced(bySeconds: seconds)
  }

  @Test func aCallNowAndThenIsFree() {
    var budget = CallBudget()
    for second in 0..<1000 {
      #expect(budget.rest(of: 1001, at: time(Double(second))) == nil)
      budget.spend(20_000, by: 1001, at: time(Double(second)))
    }
  }

  @Test(arguments: [10.0, 100, 1000, 10_000])
  func aFloodTakesItsShare(cost: Double) {
    var budget = CallBudget()
    var now = 0.0
    var spent = 0.0
    while now < 60 {
      if let rest = budget.rest(of: 1001, at: time(now)) {
        now = Double(rest.nanoseconds - time(0).nanoseconds) / 1e9
      }
      budget.spend(cost, by: 1001, at: time(now))
      spent += cost
      now += cost / 1e6
    }
    #expect(spent / 60e6 < CallBudget.share + 0.01)
    #expect(spent / 60e6 > CallBudget.share * 0.9)
  }

  @Test func oneUsersFloodIsNotAnothers() {
    var budget = CallBudget()
    budget.spend(1_000_000, by: 1001, at: time(0))
    #expect(budget.rest(of: 1001, at: time(1)) != nil)
    #expect(budget.rest(of: 1002, at: time(1)) == nil)
    budget.spend(1_000_000, by: 0, at: time(0))
    #expect(budget.rest(of: 0, at: time(0)) == nil)
  }
}
