import Linux
import MCPConfig
import Policy
import Testing

@testable import Incidents

@Suite struct IncidentLifeTests {
  /// Holds a life, so that what changes it can stand in an expectation.
  private final class Box {
    var life = IncidentLife()

    subscript(id: String) -> TrackedIncident? { life[id] }
    func acknowledge(_ id: String) -> IncidentLife.Step { life.acknowledge(id, .sample) }
    func resolve(_ id: String) -> IncidentLife.Step { life.resolve(id, .sample) }
    func late(at time: WallTime, limit: Int = 10) -> [TrackedIncident] {
      life.overdue(at: time, limit: limit)
    }
  }

  private func life(_ incidents: TrackedIncident...) -> Box {
    let box = Box()
    for incident in incidents { _ = box.life.opened(incident) }
    return box
  }

  // MARK: States

  @Test func aLifeFromOpenToResolved() throws {
    let life = life(.sample("a"))
    #expect(life["a"]?.state == .open)
    guard case .changed(let taken, let changes) = life.acknowledge("a") else {
      Issue.record("it must change")
      return
    }
    #expect(taken.state == .acknowledged && changes == [.keep(taken)])
    guard case .changed(let done, _) = life.resolve("a") else {
      Issue.record("it must change")
      return
    }
    #expect(done.state == .resolved && done.acknowledged == .sample)
  }

  /// Every state and every act.
  @Test func nothingGoesBack() {
    let life = life(.sample("taken"), .sample("done"), .sample("open"))
    _ = life.acknowledge("taken")
    _ = life.resolve("done")
    #expect(life.acknowledge("taken") == .unchanged)
    #expect(life.acknowledge("done") == .unchanged)
    #expect(life.resolve("done") == .unchanged)
    #expect(life.acknowledge("other") == .unknown)
    #expect(life.resolve("other") == .unknown)
    guard case .changed = life.resolve("open") else {
      Issue.record("what nobody took up can be resolved")
      return
    }
  }

  // MARK: Overdue

  /// Not a microsecond before, and once, for each severity.
  @Test(arguments: [
    (Finding.Kind.credentialExposure, 15, Escalation.teamLead),
    (.serverDrift, 60, .ciso), (.missingFile, 240, .ciso),
    (.permissionsDrift, 1440, .securityTeam),
  ])
  func overdueOnceAtItsTime(_ kind: Finding.Kind, _ minutes: Int, _ level: Escalation) {
    let life = life(.sample("a", kind))
    #expect(life.life.nextRespondBy == after(minutes))
    let before = WallTime(microseconds: after(minutes).microseconds - 1)
    #expect(life.late(at: before, limit: 10).isEmpty)
    let late = life.late(at: after(minutes), limit: 10)
    #expect(late.map(\.id) == ["a"])
    #expect(late.first?.overdueAt == after(minutes) && late.first?.toldLevel == level)
    #expect(life.life.nextRespondBy == nil)
    #expect(life.late(at: after(100_000), limit: 10).isEmpty)
  }

  @Test func aResponseInTimeKeepsItFromBecomingOverdue() {
    let life = life(.sample("taken"), .sample("done"), .sample("neither", minute: 1))
    _ = life.acknowledge("taken")
    _ = life.resolve("done")
    #expect(life.late(at: after(60), limit: 10).isEmpty)
    #expect(life.late(at: after(61), limit: 10).map(\.id) == ["neither"])
  }

  @Test func aLateResponseEndsIt() {
    let life = life(.sample("a"), .sample("b"))
    _ = life.late(at: after(60), limit: 10)
    #expect(life.life.counts(at: after(60)).overdue == 2)
    _ = life.acknowledge("a")
    _ = life.resolve("b")
    #expect(life.life.counts(at: after(90)).overdue == 0)
    #expect(life["a"]?.overdueAt != nil, "that it was overdue stays known")
  }

  @Test func manyAreTakenInParts() {
    let life = Box()
    for number in 0..<100 { _ = life.life.opened(.sample("\(number)", minute: number)) }
    var told: [String] = []
    while let next = life.life.nextRespondBy, next <= after(1000) {
      let late = life.late(at: after(1000), limit: 7)
      #expect(late.count <= 7 && !late.isEmpty)
      told += late.map(\.id)
    }
    #expect(Set(told).count == 100 && told.count == 100)
  }

  /// The guide's matrix: minutes since discovery, and who is to know.
  @Test(arguments: [
    (
      Severity.critical,
      [
        15: Escalation.teamLead, 29: .teamLead, 30: .securityTeam, 60: .ciso, 1439: .ciso,
        1440: .regulator,
      ]
    ),
    (.high, [60: .ciso, 1439: .ciso, 1440: .regulator]),
    (.medium, [240: .ciso, 1440: .ciso, 100_000: .ciso]),
    (.low, [1440: .securityTeam, 100_000: .securityTeam]),
  ])
  func levels(_ severity: Severity, _ levels: [Int: Escalation]) {
    for (minutes, level) in levels {
      #expect(Escalation.level(of: severity, after: minutes) == level, "\(minutes)")
    }
  }

  @Test func theLevelRisesAndAClockSetBackLowersItNot() {
    let life = life(.sample("a", .credentialExposure))
    #expect(life["a"]?.escalation(at: after(10_000)) == nil, "not before it was told")
    _ = life.late(at: after(45), limit: 1)
    #expect(life["a"]?.escalation(at: after(45)) == .securityTeam)
    #expect(life["a"]?.escalation(at: after(61)) == .ciso)
    #expect(life["a"]?.escalation(at: after(-100_000)) == .securityTeam)
    let counts = life.life.counts(at: after(2000))
    #expect(counts.overdueByLevel == [.regulator: 1])
  }

  // MARK: Views

  @Test func countsAndFilters() {
    let life = life(
      .sample("a", .serverDrift, uid: 1, minute: 2), .sample("b", .missingFile, uid: 1, minute: 1),
      .sample("c", .missingFile, uid: 2), .sample("d", uid: 2))
    _ = life.acknowledge("c")
    _ = life.resolve("d")
    let counts = life.life.counts(at: after(5))
    #expect(counts.awaiting == 2 && counts.acknowledged == 1 && counts.byState[.resolved] == 1)
    #expect(counts.awaitingBySeverity == [.high: 1, .medium: 1])
    #expect(life.life.ids(LifeFilter(), in: [.open], limit: 9).ids == ["b", "a"])
    #expect(life.life.ids(LifeFilter(), in: [.open], limit: 1) == (["b"], 1))
    #expect(
      life.life.ids(LifeFilter(user: "user2"), in: [.open, .acknowledged], limit: 9).ids == ["c"])
    #expect(life.life.ids(LifeFilter(kind: "missing-file"), in: [.open], limit: 9).ids == ["b"])
    #expect(life.life.ids(LifeFilter(user: "user1", kind: "x"), in: [.open], limit: 9).ids == [])
  }

  @Test func theWorstOverdueComeFirst() {
    let life = life(
      .sample("old", .serverDrift), .sample("older", .serverDrift, minute: -5),
      .sample("secret", .credentialExposure, minute: -1440), .sample("mode", .permissionsDrift))
    _ = life.late(at: after(70), limit: 9)
    let found = life.life.overdue(at: after(70), limit: 2) { _ in true }
    #expect(found.map(\.incident.id) == ["secret", "older"])
    #expect(found.map(\.level) == [.regulator, .ciso])
    #expect(life.life.overdue(at: after(70), limit: 9) { $0.id == "old" }.count == 1)
  }

  // MARK: Bounds

  /// Nobody's flood pushes out what is another's, and what is lost is counted.
  @Test func aFloodPushesOutItsOwn() {
    let life = life(
      .sample("bobs", .permissionsDrift, uid: 2), .sample("worst", .credentialExposure, uid: 1))
    var gone = 0
    for number in 0..<10_000 {
      let changes = life.life.opened(.sample("\(number)", .missingFile, uid: 1, minute: number))
      gone += changes.count { if case .forget = $0 { true } else { false } }
      #expect(life.life.count <= IncidentLife.limit)
    }
    #expect(life["bobs"] != nil && life["worst"] != nil && life["9999"] != nil)
    #expect(life["0"] == nil, "the oldest go first")
    #expect(gone == 10_002 - life.life.count && life.life.forgottenCount == gone)
  }

  @Test func manyUsersShareTheRoom() {
    let life = Box()
    for number in 0..<8000 {
      _ = life.life.opened(.sample("\(number)", uid: UInt32(number % 3000), minute: number))
    }
    #expect(
      life.life.count <= IncidentLife.limit && life.life.forgottenCount == 8000 - life.life.count)
  }

  /// Those are dealt with: they aren't lost.
  @Test func resolvedOnesGoWithoutBeingMissed() {
    let life = Box()
    for number in 0..<2000 {
      _ = life.life.opened(.sample("\(number)"))
      _ = life.life.resolve(
        "\(number)", TrackedIncident.Response(at: after(number), by: "x", note: "n"))
    }
    #expect(life.life.count <= IncidentLife.resolvedLimit && life.life.forgottenCount == 0)
    #expect(life["1999"] != nil)
  }

  /// Whatever happens, what was returned to be stored makes the same life again.
  @Test func whatIsStoredIsWhatIs() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<20 {
      var life = IncidentLife()
      var stored: [IncidentLife.Change] = []
      for number in 0..<6000 {
        let id = "\(Int.random(in: 0...number, using: &random))"
        switch Int.random(in: 0..<10, using: &random) {
        case 0...6:
          let uid = UInt32.random(in: 0...3, using: &random)
          stored += life.opened(.sample("\(number)", uid: uid, minute: number / 10))
        case 7: if case .changed(_, let more) = life.acknowledge(id, .sample) { stored += more }
        case 8: if case .changed(_, let more) = life.resolve(id, .sample) { stored += more }
        default:
          stored += life.overdue(at: after(number / 10), limit: 5).map { .keep($0) }
        }
      }
      var again = IncidentLife()
      for change in stored { again.replay(change) }
      #expect(again.incidents == life.incidents)
      #expect(again.counts(at: after(1000)) == life.counts(at: after(1000)))
    }
  }
}
