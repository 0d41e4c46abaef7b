import Linux
import Synchronization
import Testing

@testable import Enforcement

@Suite struct DryRunsTests {
  /// A home that never answers ends its dry run, and doesn't stand in the way of the next.
  @Test func whatHangsIsGivenUp() throws {
    let runs = try DryRuns()
    let gates = try (0..<DryRuns.stuckLimit).map { _ in
      try BoundedQueue<Void>(capacity: 1, blocking: true)
    }
    var answers: [Bool] = []
    for gate in gates {
      try runs.start({ _ in _ = gate.receive() }, { answers.append($0.isComplete) })
      #expect(throws: DryRuns.Refusal.self) { try runs.start({ _ in }, { _ in }) }
      let count = answers.count
      runs.handle(now: .now)
      #expect(answers.count == count)
      runs.handle(now: MonotonicTime.now.advanced(bySeconds: DryRuns.patience + 1))
      #expect(answers.count == count + 1)
    }
    #expect(answers == [false, false, false])
    #expect(throws: DryRuns.Refusal.self, "too many hang") { try runs.start({ _ in }, { _ in }) }
    // One home answers after all.
    gates[0].close()
    var isTaken = false
    while !isTaken {
      runs.handle(now: .now)
      isTaken =
        (try? runs.start(
          { $0.result.withLock { $0.isComplete = true } },
          {
            answers.append($0.isComplete)
          })) != nil
    }
    while answers.count < 4 { runs.handle(now: .now) }
    #expect(answers.last == true)
    for gate in gates { gate.close() }
  }
}
