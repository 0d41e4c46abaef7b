import Baseline
import Control
import Incidents
import Linux
import MCPConfig
import Policy

/// What users ask for. A request gives nothing; it waits for someone to review it.
extension Daemon {
  func request(_ call: ControlCall, _ server: ByteString, reason: String) {
    do throws(ControlError) {
      guard let user = user(withUID: call.actor.uid) else {
        throw .invalid(Complaint("uid \(call.actor.uid) has neither an account nor a home here"))
      }
      // Told at once if nobody could grant it.
      _ = try grantable(server, to: user)
      let actor = actor(of: call)
      var changed = exceptions
      let (record, isNew) = try Self.added(&changed, server, user, reason)
      if isNew {
        try keep(changed)
        audit(
          AuditRecord(
            .requested, by: actor, generation: generation, server: server, user: user.name,
            number: record.number, reason: reason))
      }
      call.responder.reply(["request": record.json, "changed": .bool(isNew)])
    } catch {
      call.responder.fail(error)
    }
  }

  func listRequests(_ call: ControlCall) {
    let visible = (exceptions.requests?.records ?? []).filter { call.mayRead(uid: $0.uid) }
    call.responder.reply(["requests": .array(visible.reversed().map(\.json))])
  }

  func rejectRequest(_ call: ControlCall, _ number: Int, reason: String) {
    do throws(ControlError) {
      let record = try openRequest(number)
      let actor = actor(of: call)
      let answered = try answer(
        record, RequestRecord.Answer(at: .now, by: actor.text, grant: nil, reason: reason))
      audit(
        AuditRecord(
          .requestRejected, by: actor, generation: generation, server: record.server,
          user: record.user, number: number, reason: reason))
      call.responder.reply(["request": answered.json])
    } catch {
      call.responder.fail(error)
    }
  }

  func openRequest(_ number: Int) throws(ControlError) -> RequestRecord {
    guard let requests = exceptions.requests else { throw Self.damagedRequests }
    guard let record = requests[number] else {
      throw .invalid(Complaint("there is no request \(number)"))
    }
    guard record.isOpen else {
      throw .invalid(Complaint("request \(number) was \(record.state) already"))
    }
    return record
  }

  @discardableResult
  func answer(
    _ record: RequestRecord, _ answer: RequestRecord.Answer
  ) throws(ControlError) -> RequestRecord {
    var changed = exceptions
    var record = record
    record.answer = answer
    changed.requests?[record.number] = record
    try keep(changed)
    return record
  }

  private static func added(
    _ exceptions: inout HostExceptions, _ server: ByteString, _ user: UserIdentity,
    _ reason: String
  ) throws(ControlError) -> (RequestRecord, Bool) {
    do throws(RequestRefusal) {
      return try exceptions.request(
        server, user: user.name, uid: user.uid, reason: reason, at: .now)
    } catch {
      switch error {
      case .tooManyOfUser:
        throw .failed(
          "\(RequestLimits.openPerUser) of your requests wait for an answer already")
      case .tooMany: throw .failed("too many requests wait for an answer on this host")
      case .damaged: throw damagedRequests
      }
    }
  }

  private static let damagedRequests = ControlError.failed(
    "requests.json is damaged; move it away and reload")

  private func keep(_ changed: HostExceptions) throws(ControlError) {
    guard let requests = changed.requests else { throw Self.damagedRequests }
    do throws(SystemError) {
      try exceptionStore.write(requests)
    } catch {
      throw .failed("the requests could not be stored: \(error)")
    }
    exceptions.requests = requests
  }
}
