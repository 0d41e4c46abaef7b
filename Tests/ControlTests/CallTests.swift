import MCPConfig
import Testing

@testable import Control

@Suite struct CallTests {
  private let router = Router(service: VarlinkService(info: .sample))

  private func route(_ text: String) throws -> Router.Route {
    try router.route(try VarlinkCall(parsing: Array(text.utf8)), role: .admin)
  }

  private func request(_ text: String) throws -> Request? {
    if case .request(let request) = try route(text) { request } else { nil }
  }

  @Test(arguments: [
    "", "{", "[]", "7", #""io.mcpolicyd.Status""#, "{}", #"{"method":1}"#,
    #"{"method":"a.B","method":"a.C"}"#,
  ])
  func whatIsNoCall(_ text: String) {
    #expect {
      try VarlinkCall(parsing: Array(text.utf8))
    } throws: {
      if case .invalid = $0 as? ControlError { true } else { false }
    }
  }

  @Test(arguments: [
    (#"{"method":"a.B","parameters":[]}"#, "parameters"),
    (#"{"method":"a.B","more":1}"#, "more"),
    (#"{"method":"a.B","oneway":"yes"}"#, "oneway"),
    (#"{"method":"io.mcpolicyd.Status","upgrade":true}"#, "upgrade"),
    (#"{"method":"Status"}"#, "method"),
    (#"{"method":"io.mcpolicyd.Status","parameters":{"x":1}}"#, "x"),
    (#"{"method":"io.mcpolicyd.Approve"}"#, "content"),
    (#"{"method":"io.mcpolicyd.Approve","parameters":{"content":null}}"#, "content"),
    (#"{"method":"io.mcpolicyd.Approve","parameters":{"content":{}}}"#, "content"),
    (#"{"method":"io.mcpolicyd.ListIncidents","parameters":{"limit":-1}}"#, "limit"),
    (#"{"method":"io.mcpolicyd.ListIncidents","parameters":{"limit":1.5}}"#, "limit"),
    (#"{"method":"io.mcpolicyd.ListIncidents","parameters":{"usr":"alice"}}"#, "usr"),
    (#"{"method":"io.mcpolicyd.ListIncidents","parameters":{"state":"opened"}}"#, "state"),
    (#"{"method":"org.varlink.service.GetInfo","parameters":{"x":1}}"#, "x"),
    (#"{"method":"org.varlink.service.GetInterfaceDescription"}"#, "interface"),
  ])
  func invalidParameter(_ text: String, _ parameter: String) {
    #expect(throws: ControlError.invalidParameter(parameter)) { try route(text) }
  }

  @Test func unknownNames() {
    #expect(throws: ControlError.interfaceNotFound("io.other")) {
      try route(#"{"method":"io.other.Status"}"#)
    }
    #expect(throws: ControlError.methodNotFound("io.mcpolicyd.Stop")) {
      try route(#"{"method":"io.mcpolicyd.Stop"}"#)
    }
    #expect(throws: ControlError.methodNotFound("io.mcpolicyd.status")) {
      try route(#"{"method":"io.mcpolicyd.status"}"#)
    }
    #expect(throws: ControlError.methodNotFound("org.varlink.service.Get")) {
      try route(#"{"method":"org.varlink.service.Get"}"#)
    }
  }

  @Test func streamsNeedMore() {
    #expect(throws: ControlError.expectedMore) {
      try route(#"{"method":"io.mcpolicyd.WatchIncidents"}"#)
    }
  }

  @Test func parametersArrive() throws {
    let incidents = #""io.mcpolicyd.ListIncidents""#
    #expect(
      try request(#"{"method":\#(incidents),"parameters":{"limit":5,"user":"alice"}}"#)
        == .listIncidents(IncidentQuery(limit: 5, user: "alice")))
    #expect(
      try request(#"{"method":\#(incidents),"parameters":{"limit":null}}"#)
        == .listIncidents(IncidentQuery()))
    #expect(
      try request(
        #"{"method":"io.mcpolicyd.Approve","parameters":{"content":"{}\r\n","note":"n","file":"f"}}"#
      ) == .approve(content: "{}\r\n", note: "n", file: "f"))
    #expect(try request(#"{"method":"io.mcpolicyd.Sweep","parameters":null}"#) == .sweep)
  }

  @Test(arguments: [
    ControlError.interfaceNotFound("a.b"), .methodNotFound("a.b.C"),
    .methodNotImplemented("a.b.C"), .invalidParameter("p"), .permissionDenied, .expectedMore,
    .notAllowed(verb: "Sweep", needs: "root"), .invalid(Complaint("m")),
    .invalid(Complaint("m", file: "f", line: 2, column: 3)), .unprovisioned, .failed("m"),
    .other("x.y.Z"),
  ])
  func errorsSurviveTheWire(_ error: ControlError) throws {
    let message = VarlinkReply.failure(error).message
    #expect(message.last == 0)
    guard case .failure(let read) = VarlinkReply(parsing: Array(message.dropLast())) else {
      Issue.record("no failure")
      return
    }
    #expect(read == error)
  }

  @Test func complaintsReadAsCompilersDo() {
    #expect(
      Complaint("bad", file: "a.json", line: 2, column: 7).description == "a.json:2:7: bad")
    #expect(Complaint("bad", file: "a.json").description == "a.json: bad")
    #expect(Complaint("bad").description == "bad")
  }
}
