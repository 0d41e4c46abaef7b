import Baseline
import Linux
import MCPConfig
import Testing

/// The pure side: expiry by the wall clock, and the bounds of what users leave.
@Suite struct HostExceptionTests {
  private let start = WallTime(microseconds: 1_769_851_980_000_000)

  private func at(_ seconds: Int) -> WallTime { start.advanced(bySeconds: seconds) }

  private func state(untils: [Int]) -> HostExceptions {
    var state = HostExceptions()
    for until in untils {
      state.grants?.add {
        GrantRecord(
          number: $0, server: "github", sha256: SHA256Digest(of: []), user: "alice", uid: 1000,
          until: at(until), ticket: "T", reason: "r", grantedAt: start, grantedBy: "root",
          request: nil)
      }
    }
    return state
  }

  @Test func theNextExpiryIsTheEarliest() {
    var state = state(untils: [300, 60, 600])
    #expect(state.nextExpiry == at(60))
    #expect(state.expire(at: at(59)).isEmpty)
    #expect(state.standingGrants.map(\.number) == [1, 2, 3])
    #expect(state.grants?[2]?.isInForce(at: at(59)) == true)
    #expect(state.grants?[2]?.isInForce(at: at(60)) == false)
    #expect(state.expire(at: at(60)).map(\.number) == [2])
    #expect(state.standingGrants.map(\.number) == [1, 3])
    #expect(state.nextExpiry == at(300))
    #expect(state.expire(at: at(60)).isEmpty)
  }

  /// The clock jumps forward over two ends, and back again: what is over stays over.
  @Test func aClockSetBackGivesNothingBack() {
    var state = state(untils: [60, 120, 600])
    #expect(state.expire(at: at(500)).map(\.number) == [1, 2])
    #expect(state.expire(at: at(-1000)).isEmpty)
    #expect(state.standingGrants.map(\.number) == [3])
    #expect(state.nextExpiry == at(600))
    #expect(state.grants?[1]?.end?.by == "expiry")
  }

  @Test func withoutGrantsThereIsNoExpiry() {
    var state = HostExceptions()
    #expect(state.nextExpiry == nil && state.expire(at: start).isEmpty)
    state.grants = nil
    #expect(state.nextExpiry == nil && state.expire(at: start).isEmpty)
    #expect(state.standingGrants.isEmpty)
  }

  private func request(
    _ state: inout HostExceptions, _ server: String, uid: UInt32 = 1000
  ) throws(RequestRefusal) -> (record: RequestRecord, isNew: Bool) {
    try state.request(
      ByteString(server), user: "user\(uid)", uid: uid, reason: "r", at: start)
  }

  private func answer(_ state: inout HostExceptions, _ number: Int) {
    state.requests?[number]?.answer = RequestRecord.Answer(
      at: start, by: "root", grant: nil, reason: "no")
  }

  @Test func aRepeatedRequestIsOne() throws {
    var state = HostExceptions()
    #expect(try request(&state, "github").isNew)
    let again = try request(&state, "github")
    #expect(!again.isNew && again.record.number == 1)
    #expect(try request(&state, "github", uid: 1001).record.number == 2)
    answer(&state, 1)
    #expect(try request(&state, "github").record.number == 3)
  }

  @Test func aUserCantFillTheList() throws {
    var state = HostExceptions()
    for number in 1...RequestLimits.openPerUser { _ = try request(&state, "s\(number)") }
    #expect(throws: RequestRefusal.tooManyOfUser) { try request(&state, "one-more") }
    // Another user isn't kept out by it.
    #expect(try request(&state, "s", uid: 1001).isNew)
  }

  /// Answered requests go when there are too many, and their numbers don't come back: a number that
  /// someone reviewed must not mean another request by the time it is granted.
  @Test func numbersAreNeverUsedAgain() throws {
    var state = HostExceptions()
    var numbers: [Int] = []
    for round in 1...40 {
      let number = try request(&state, "s\(round)").record.number
      numbers.append(number)
      answer(&state, number)
    }
    #expect(Set(numbers).count == 40)
    #expect(state.requests!.records.count <= 10)
  }

  @Test func manyUsersCantFillItEither() throws {
    var state = HostExceptions()
    for uid in 0..<UInt32(RequestLimits.kept) { _ = try request(&state, "s", uid: uid) }
    #expect(throws: RequestRefusal.tooMany) { try request(&state, "s", uid: 70_000) }
    answer(&state, 1)
    #expect(try request(&state, "s", uid: 70_000).isNew)
    #expect(state.requests!.records.count == RequestLimits.kept)
  }
}
