import MCPConfig
import Testing

@testable import Control

/// DESIGN 4.5 as a table: every verb, and the roles that may ask for it.
@Suite struct RightsTests {
  /// Who may, in the order of `Role.allCases`: own, audit, admin.
  private static let table: [(verb: Verb, allowed: [Bool])] = [
    (.status, [true, true, true]),
    (.rights, [true, true, true]),
    (.listTargets, [true, true, true]),
    (.listIncidents, [true, true, true]),
    (.watchIncidents, [true, true, true]),
    (.getIncident, [true, true, true]),
    (.listGrants, [true, true, true]),
    (.listRequests, [true, true, true]),
    (.requestServer, [true, true, true]),
    (.listBaselines, [false, true, true]),
    (.showBaseline, [false, true, true]),
    (.listRevocations, [false, true, true]),
    (.metrics, [false, true, true]),
    (.readLedger, [false, true, true]),
    (.sweep, [false, false, true]),
    (.reload, [false, false, true]),
    (.tryReload, [false, false, true]),
    (.reviewApproval, [false, false, true]),
    (.approve, [false, false, true]),
    (.rollback, [false, false, true]),
    (.revoke, [false, false, true]),
    (.reinstate, [false, false, true]),
    (.grant, [false, false, true]),
    (.endGrant, [false, false, true]),
    (.rejectRequest, [false, false, true]),
    (.acknowledge, [false, false, true]),
    (.resolve, [false, false, true]),
  ]

  /// A verb that is new stands in neither table until someone says who may ask for it.
  @Test func everyVerbStandsInBothTables() {
    #expect(Set(Self.table.map(\.verb)) == Set(Verb.allCases))
    #expect(Self.table.count == Verb.allCases.count)
    #expect(Set(Rights.table.keys) == Set(Verb.allCases))
  }

  private static let actors: [(ControlActor, Role)] = [
    (.user, .own), (.auditor, .audit), (.admin, .admin), (.root, .admin), (.daemon, .admin),
    // In groups that mean nothing here.
    (ControlActor(pid: 1, uid: 1003, gid: 7, groups: [70, 73]), .own),
  ]

  @Test(arguments: table.map(\.verb)) func theTableHolds(_ verb: Verb) throws {
    let allowed = try #require(Self.table.first { $0.verb == verb }).allowed
    let router = Router(service: VarlinkService(info: .sample))
    let parameters = String(
      decoding: JSON.object(verb.needed).compactForm, as: UTF8.self)
    let call = try VarlinkCall(
      parsing: Array(
        #"{"method":"\#(verb.method)","parameters":\#(parameters),"more":true}"#.utf8))
    for (actor, role) in Self.actors {
      #expect(Roles.sample.role(of: actor) == role)
      let isAllowed = allowed[Role.allCases.firstIndex(of: role)!]
      #expect(Rights.allows(verb, to: role) == isAllowed)
      #expect(Rights.verbs(of: role).contains(verb) == isAllowed)
      do throws(ControlError) {
        guard case .request(let request) = try router.route(call, role: role) else {
          Issue.record("\(verb) was answered without the service")
          continue
        }
        #expect(isAllowed && request.verb == verb, "\(verb) by \(role)")
      } catch {
        let holders = allowed[1] ? Role.audit.holders : Role.admin.holders
        #expect(!isAllowed, "\(verb) by \(role): \(error)")
        #expect(error == .notAllowed(verb: verb.rawValue, needs: holders))
      }
    }
  }

  @Test func textIsBounded() throws {
    func request(_ verb: Verb, _ change: (String, JSON)) throws(ControlError) -> Request {
      try Request(verb, .object(verb.needed.filter { $0.0 != change.0 } + [change]))
    }
    let long = JSON.text(String(repeating: "x", count: 501))
    for (verb, name) in [
      (Verb.requestServer, "reason"), (.requestServer, "server"), (.revoke, "server"),
      (.revoke, "reason"), (.grant, "ticket"), (.grant, "reason"), (.rejectRequest, "reason"),
      (.approve, "note"), (.rollback, "note"), (.endGrant, "reason"), (.acknowledge, "note"),
      (.resolve, "note"),
    ] {
      #expect(throws: ControlError.self, "\(verb) \(name)") { try request(verb, (name, long)) }
    }
    for (verb, name) in [
      (Verb.requestServer, "reason"), (.requestServer, "server"), (.revoke, "server"),
      (.grant, "ticket"), (.grant, "reason"), (.rejectRequest, "reason"), (.resolve, "note"),
    ] {
      for empty: JSON in ["", " \n"] {
        #expect(throws: ControlError.self, "\(verb) \(name)") { try request(verb, (name, empty)) }
      }
    }
  }

  /// By their ids or by a filter, and not by both; a filter with a key more would mean too many.
  @Test func aResponseSaysWhichIncidents() throws {
    let ids = { (count: Int) in ("ids", JSON.array((0..<count).map { .text("1-\($0)") })) }
    let filter = { (filter: JSON) in ("filter", filter) }
    for verb in [Verb.acknowledge, .resolve] {
      let note: (String, JSON) = ("note", "n")
      for right in [
        [ids(1)], [ids(256)], [filter([:])], [filter(["user": "alice", "kind": "missing-file"])],
        [filter(["user": .null])], [ids(1), filter(.null)],
      ] {
        _ = try Request(verb, .object(right + [note]))
      }
      for wrong in [
        [], [ids(0)], [ids(257)], [("ids", "1-1")], [("ids", [1])], [filter("alice")],
        [filter(["usr": "alice"])], [ids(1), filter([:])], [filter(["user": 1])],
      ] {
        #expect(throws: ControlError.self, "\(verb) \(wrong)") {
          try Request(verb, .object(wrong + [note]))
        }
      }
    }
    #expect(throws: ControlError.self) { try Request(.resolve, .object([ids(1)])) }
    #expect(try Request(.metrics, [:]) == .metrics(.openMetrics))
    #expect(throws: ControlError.self) { try Request(.metrics, ["format": "xml"]) }
  }

  @Test func aGrantNamesItsSubjectOnce() throws {
    let rest: [(String, JSON)] = [("until", "u"), ("ticket", "t"), ("reason", "r")]
    let server: (String, JSON) = ("server", "github")
    let user: (String, JSON) = ("user", "alice")
    let request: (String, JSON) = ("request", 3)
    _ = try Request(.grant, .object(rest + [server, user]))
    _ = try Request(.grant, .object(rest + [request]))
    for wrong in [[], [server], [user], [server, request], [server, user, request]] {
      #expect(throws: ControlError.self) { try Request(.grant, .object(rest + wrong)) }
    }
  }
}
