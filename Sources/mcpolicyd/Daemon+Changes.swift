import Baseline
import Control
import MCPConfig

/// The changes that the control socket asks for, and what can be seen of them.
extension Daemon {
  func handle(_ change: ChangeRequest, _ call: ControlCall) {
    switch change {
    case .reviewApproval(let content, let file): review(call, content.bytes, file: file?.text)
    case .listBaselines(let limit): listBaselines(call, limit: limit)
    case .showBaseline(let number): showBaseline(call, number)
    case .rollback(let number, let note): rollBack(call, to: number, note: note?.text)
    case .revoke(let server, let reason): revoke(call, server, reason: reason?.text)
    case .reinstate(let server, let reason): reinstate(call, server, reason: reason?.text)
    case .listRevocations:
      call.responder.reply(["revocations": .array(exceptions.revocations.map(\.json))])
    case .grant(let wish): grant(call, wish)
    case .endGrant(let number, let reason): endGrant(call, number, reason: reason?.text)
    case .listGrants: listGrants(call)
    case .requestServer(let server, let reason): request(call, server, reason: reason.text)
    case .listRequests: listRequests(call)
    case .rejectRequest(let number, let reason): rejectRequest(call, number, reason: reason.text)
    }
  }

  func rights(_ call: ControlCall) {
    call.responder.reply([
      "uid": .int(call.actor.uid), "role": .text(call.role.rawValue),
      "verbs": .array(Rights.verbs(of: call.role).map { .text($0.rawValue) }),
    ])
  }
}
