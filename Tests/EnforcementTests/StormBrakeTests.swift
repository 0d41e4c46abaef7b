import Linux
import Testing

@testable import Enforcement

@Suite struct StormBrakeTests {
  private func time(_ seconds: Double) -> MonotonicTime {
    MonotonicTime(nanoseconds: 1_000_000_000).advanced(bySeconds: seconds)
  }

  /// Looks at a noisy target as its timer asks for until `end`; the looks, and when it was calm.
  private func run(
    _ brake: inout StormBrake, from start: Double, to end: Double, cost: Double = 50,
    drifts: (Double) -> Bool
  ) -> (looks: Int, calmAt: Double?) {
    var now = start
    var looks = 0
    while now < end {
      looks += 1
      switch brake.looked(foundDrift: drifts(now), cost: cost, at: time(now)) {
      case .calm: return (looks, now)
      case .again(let seconds): now += seconds
      }
    }
    return (looks, nil)
  }

  @Test func fewRestoresAreFree() {
    var brake = StormBrake()
    for second in 0..<3600 {
      for restore in 0..<100 {
        let trips = brake.charge(100, at: time(Double(second) + Double(restore) / 100))
        #expect(!trips)
      }
    }
    #expect(!brake.isNoisy)
  }

  @Test func aLoopAtFullSpeedTripsIt() {
    var brake = StormBrake()
    var restores = 0
    while !brake.charge(50, at: time(Double(restores) * 0.0001)) { restores += 1 }
    // A tenth of the time is given back meanwhile.
    #expect(restores > 3000 && restores < 4500)
    #expect(brake.isNoisy)
    let again = brake.charge(50, at: time(10))
    #expect(!again, "a noisy target doesn't become noisy again")
  }

  @Test func aStormTakesATenthOfTheTime() {
    for cost in [20.0, 100, 1000, 5000] {
      var brake = StormBrake()
      _ = brake.trip(at: time(0))
      let (looks, _) = run(&brake, from: 0, to: 20, cost: cost) { _ in true }
      #expect(Double(looks) * cost / 1e6 <= 20 * 0.1 + 0.01)
      #expect(looks > 100)
    }
  }

  @Test func itIsCalmFiveSecondsAfterTheLastDrift() {
    var brake = StormBrake()
    _ = brake.trip(at: time(0))
    let (_, calm) = run(&brake, from: 0, to: 60) { $0 < 10 }
    #expect(calm! > 14.9 && calm! < 15.3)
    #expect(!brake.isNoisy)
  }

  @Test func eachStormMustBeCalmForLonger() {
    var brake = StormBrake()
    var now = 0.0
    var waits: [Double] = []
    for _ in 0..<6 {
      _ = brake.trip(at: time(now))
      let (_, calm) = run(&brake, from: now, to: now + 200) { _ in false }
      waits.append((calm! - now).rounded())
      now = calm! + 1
    }
    #expect(waits == [5, 10, 20, 40, 60, 60])
    now += 601
    let trips = brake.charge(1, at: time(now))
    #expect(!trips)
    _ = brake.trip(at: time(now))
    let (_, calm) = run(&brake, from: now, to: now + 200) { _ in false }
    #expect((calm! - now).rounded() == 5)
  }

  @Test func soonAfterAStormLittleTripsIt() {
    var brake = StormBrake()
    _ = brake.trip(at: time(0))
    let (_, calm) = run(&brake, from: 0, to: 60) { _ in false }
    var restores = 0
    while !brake.charge(50, at: time(calm! + Double(restores) * 0.0001)) { restores += 1 }
    #expect(restores < 600)
  }

  @Test func aClockThatStandsEarnsNothing() {
    var brake = StormBrake()
    var restores = 0
    while !brake.charge(100, at: time(1)) { restores += 1 }
    #expect(restores == 1500)
  }
}
