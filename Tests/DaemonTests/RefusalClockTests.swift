import Linux
import MCPConfig
import Policy
import Testing

@testable import mcpolicyd

/// When a refused signature is told.
@Suite struct RefusalClockTests {
  private let start = MonotonicTime(nanoseconds: 0)
  private let wall = WallTime(microseconds: 1_000_000_000_000)

  private func refused(
    _ refusal: SignatureCheck.Refusal, content: String = "a", age: Int = 0
  ) -> RefusedSignature {
    RefusedSignature(
      refusal: refusal,
      pair: SignedPair(content: SHA256Digest(of: Array(content.utf8)), signature: nil),
      changed: wall.advanced(bySeconds: -age))
  }

  private func tells(
    _ clock: inout RefusalClock, _ refused: RefusedSignature, after seconds: Double = 0
  ) -> Bool {
    clock.tells(refused, at: start.advanced(bySeconds: seconds), wall)
  }

  @Test func whatIsSureIsToldAtOnceAndOnce() {
    var clock = RefusalClock()
    #expect(tells(&clock, refused(.untrusted)))
    #expect(!tells(&clock, refused(.untrusted), after: 100))
    #expect(tells(&clock, refused(.revoked(place: "p:1"))), "another reason")
    #expect(tells(&clock, refused(.untrusted, content: "b")), "another file")
    #expect(clock.due == nil)
  }

  @Test func aPairThatDoesntFitHasTime() {
    var clock = RefusalClock()
    #expect(!tells(&clock, refused(.misfit)))
    #expect(clock.due == start.advanced(bySeconds: RefusalClock.quietSeconds))
    #expect(!tells(&clock, refused(.misfit), after: 9.9))
    #expect(tells(&clock, refused(.misfit), after: 10))
    #expect(clock.due == nil)
    #expect(!tells(&clock, refused(.misfit), after: 1000))
  }

  @Test func anotherHalfStartsTheTimeAnew() {
    var clock = RefusalClock()
    #expect(!tells(&clock, refused(.misfit)))
    #expect(!tells(&clock, refused(.misfit, content: "b"), after: 9))
    #expect(!tells(&clock, refused(.misfit, content: "b"), after: 18))
    #expect(tells(&clock, refused(.misfit, content: "b"), after: 19))
  }

  @Test func whatLayThereForLongIsToldAtOnce() {
    var clock = RefusalClock()
    #expect(tells(&clock, refused(.misfit, age: 10)))
    var other = RefusalClock()
    #expect(!tells(&other, refused(.misfit, age: 6)))
    #expect(other.due == start.advanced(bySeconds: 4))
    // A file from the future: the clock was set back.
    var third = RefusalClock()
    #expect(!tells(&third, refused(.misfit, age: -3600)))
    #expect(third.due == start.advanced(bySeconds: 10))
  }

  /// The loop waited for a time that had passed, and spun.
  @Test func backToWhatWasToldNothingIsWaitedFor() {
    var clock = RefusalClock()
    #expect(tells(&clock, refused(.misfit, age: 10)))
    #expect(!tells(&clock, refused(.misfit, content: "b"), after: 20))
    #expect(!tells(&clock, refused(.misfit, age: 10), after: 25))
    #expect(clock.due == nil)
  }

  /// A pair that changes every few seconds was never told.
  @Test func whatIsNeverLeftAloneIsToldAfterAMinute() {
    var clock = RefusalClock()
    let told = (0...10).map { step in
      tells(&clock, refused(.misfit, content: "\(step)"), after: Double(step) * 9)
    }
    #expect(told.firstIndex(of: true) == 7)
  }

  @Test func putRightItIsForgotten() {
    var clock = RefusalClock()
    #expect(!tells(&clock, refused(.misfit)))
    clock.clear()
    #expect(clock.due == nil)
    #expect(tells(&clock, refused(.untrusted)))
    clock.clear()
    #expect(tells(&clock, refused(.untrusted)))
  }
}
