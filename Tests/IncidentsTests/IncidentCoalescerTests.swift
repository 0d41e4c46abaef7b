import Linux
import MCPConfig
import Policy
import Testing

@testable import Incidents

@Suite struct IncidentCoalescerTests {
  private func incident(
    _ number: Int, _ finding: Finding = Finding(.serverDrift, server: "git", field: "args", "args"),
    path: String = "/home/alice/mcp.json", latency: Int = 40
  ) -> Incident {
    var incident = Incident(
      discoveredAt: WallTime(microseconds: Int64(number)), target: "kiro", path: path, user: nil,
      findings: [finding], action: .restored, mode: .enforce, generation: 1,
      latencyMicroseconds: latency)
    incident.id = String(number)
    return incident
  }

  private func time(_ seconds: Double) -> MonotonicTime {
    MonotonicTime(nanoseconds: 1_000_000_000).advanced(bySeconds: seconds)
  }

  /// The counts of the records that incidents at these times make.
  private func records(at times: [Double]) -> [Int] {
    var coalescer = IncidentCoalescer()
    var counts: [Int] = []
    for (number, seconds) in times.enumerated() {
      while let deadline = coalescer.nextDeadline, deadline <= time(seconds) {
        counts += coalescer.take(dueAt: deadline).map(\.count)
      }
      if case .tell = coalescer.offer(incident(number), at: time(seconds)) { counts.append(1) }
    }
    return counts + coalescer.take(dueAt: nil).map(\.count)
  }

  @Test(arguments: [0.0001, 0.001, 0.01, 0.1])
  func tenThousandEqualOnesMakeFewRecords(every seconds: Double) {
    let counts = records(at: (0..<10_000).map { Double($0) * seconds })
    #expect(counts.reduce(0, +) == 10_000)
    #expect(counts.count <= 30)
    #expect(counts.prefix(8) == [1, 1, 1, 1, 1, 1, 1, 1])
  }

  @Test func seldomOnesAreToldOneByOne() {
    #expect(records(at: (0..<100).map { Double($0) * 11 }) == [Int](repeating: 1, count: 100))
  }

  @Test func afterAWhileOfCalmTheyAreToldOneByOneAgain() {
    let storm = (0..<1000).map { Double($0) * 0.01 }
    let counts = records(at: storm + (0..<8).map { 200 + Double($0) })
    #expect(counts.reduce(0, +) == 1008)
    #expect(counts.suffix(8) == [1, 1, 1, 1, 1, 1, 1, 1])
  }

  @Test func anotherKindOrPathIsNotHeldBack() {
    var coalescer = IncidentCoalescer()
    for number in 0..<100 { _ = coalescer.offer(incident(number), at: time(0)) }
    let secret = Finding(.credentialExposure, server: "git", field: "env.TOKEN", "a secret")
    guard case .tell = coalescer.offer(incident(100, secret), at: time(0)) else {
      Issue.record("a worse kind must be told at once")
      return
    }
    guard case .tell = coalescer.offer(incident(101, path: "/home/bob/mcp.json"), at: time(0))
    else {
      Issue.record("another user's must be told at once")
      return
    }
  }

  @Test func aMergedOneTellsWhatDiffers() {
    var coalescer = IncidentCoalescer()
    for number in 0..<8 { _ = coalescer.offer(incident(number), at: time(0)) }
    for number in 8..<200 {
      let finding = Finding(.serverDrift, server: ByteString("s\(number)"), field: "args", "args")
      guard
        case .merged(let id) = coalescer.offer(
          incident(number, finding, latency: number), at: time(0))
      else {
        Issue.record("it must be merged")
        return
      }
      #expect(id == "8")
    }
    let told = coalescer.take(dueAt: time(1))
    #expect(told.count == 1)
    #expect(told[0].count == 192)
    #expect(told[0].findings.count == Verdict.findingLimit)
    #expect(told[0].latencyMicroseconds == 199)
    #expect(coalescer.nextDeadline == nil)
  }

  @Test func nothingIsDueBeforeItsTime() {
    var coalescer = IncidentCoalescer()
    for number in 0..<9 { _ = coalescer.offer(incident(number), at: time(0)) }
    #expect(coalescer.nextDeadline == time(1))
    #expect(coalescer.take(dueAt: time(0.9)).isEmpty)
    #expect(coalescer.take(dueAt: time(1)).map(\.count) == [1])
  }

  @Test func manyPathsAreForgottenOnceCalm() {
    var coalescer = IncidentCoalescer()
    for number in 0..<20_000 {
      _ = coalescer.offer(incident(number, path: "/home/u\(number)"), at: time(Double(number)))
    }
    #expect(coalescer.streamCount <= 4097)
  }
}
