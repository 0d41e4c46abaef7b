import MCPConfig
import Policy
import Testing

@testable import Enforcement

@Suite struct DriftTrackerTests {
  private let drift = [Finding(.serverDrift, server: "git", field: "args", "other args")]
  private let other = [Finding(.missingFile, "missing")]

  @Test func observedDriftIsSaidOnce() {
    var tracker = DriftTracker()
    #expect(tracker.observed(drift) == .say(.reported))
    #expect(tracker.observed(drift) == .nothing)
    #expect(tracker.observed(other) == .say(.reported))
    tracker.compliant()
    #expect(tracker.observed(other) == .say(.reported))
  }

  @Test func everyRestoreIsSaid() {
    var tracker = DriftTracker()
    #expect(tracker.restored() == .say(.restored))
    #expect(tracker.restored() == .say(.restored))
  }

  @Test func failureIsSaidAfterItsRetriesAndOnce() {
    var tracker = DriftTracker()
    for _ in 1...3 {
      guard case .retry = tracker.failed(drift) else {
        Issue.record("a failure must be retried first")
        return
      }
      #expect(!tracker.hasFailed)
    }
    guard case .sayAndRetry(.failed, _) = tracker.failed(drift) else {
      Issue.record("drift that stays must be said")
      return
    }
    #expect(tracker.hasFailed)
    guard case .retry = tracker.failed(drift) else {
      Issue.record("the same failure must not be said twice")
      return
    }
    #expect(tracker.restored() == .say(.restored))
  }

  @Test func unfinishedFileGetsOneRespite() {
    var tracker = DriftTracker()
    #expect(tracker.mayBeUnfinished)
    #expect(tracker.unfinished() == .retry(seconds: DriftTracker.unfinishedSeconds))
    #expect(!tracker.mayBeUnfinished)
    tracker.compliant()
    #expect(tracker.mayBeUnfinished)
  }
}
