import Baseline
import Control
import Enforcement
import Incidents
import Linux
import MCPConfig
import Policy

/// What the control socket asks for.
extension Daemon: ControlService {
  func handle(_ call: ControlCall) {
    switch call.request {
    case .status: call.responder.reply(statusReport)
    case .listTargets: call.responder.reply(["targets": .array(targets(for: call).map(\.json))])
    case .listIncidents(let limit, let target, let user):
      let found = incidents.recent(limit: min(limit ?? 1000, 1000)) { incident in
        call.mayRead(uid: incident.user?.uid ?? 0)
          && (target.map { $0 == ByteString(incident.target) } ?? true)
          && (user.map { $0 == ByteString(incident.user?.name ?? "") } ?? true)
      }
      call.responder.reply(["incidents": .array(found.map(\.json))])
    case .watchIncidents: watch(call)
    case .sweep: sweep(call)
    case .approve(let content, let note, let file):
      approve(call, content.bytes, note: note?.text, file: file?.text)
    case .reload: reload(call)
    }
  }

  private func targets(for call: ControlCall) -> [TargetSummary] {
    enforcer.summaries { call.mayRead(uid: $0?.uid ?? 0) }
  }

  private func watch(_ call: ControlCall) {
    let responder = call.responder
    let follower = incidents.follow { incident in
      guard call.mayRead(uid: incident.user?.uid ?? 0) else { return }
      responder.continueWith(["incident": incident.json])
    }
    responder.onClose = { [incidents] in incidents.unfollow(follower) }
  }

  private func sweep(_ call: ControlCall) {
    guard enforcer.isProvisioned else { return call.responder.fail(.unprovisioned) }
    sweep { result in
      call.responder.reply([
        "checked": .int(result.checked), "drifted": .int(result.drifted),
        "restored": .int(result.restored), "failed": .int(result.failures.count),
        "duration_usec": .int(result.microseconds),
      ])
    }
  }

  private func reload(_ call: ControlCall) {
    do throws(PolicyError) {
      try reload()
      call.responder.reply(["generation": .int(generation)])
    } catch {
      call.responder.fail(
        .invalid(
          Complaint(
            error.message, file: error.file, line: error.position.line,
            column: error.position.column)))
    }
  }

  private func approve(_ call: ControlCall, _ bytes: [UInt8], note: String?, file: String?) {
    let copy: ApprovedCopy
    do throws(JSONError) {
      copy = try ApprovedCopy(bytes: bytes)
    } catch {
      return call.responder.fail(
        .invalid(
          Complaint(
            error.message, file: file, line: error.position.line, column: error.position.column)))
    }
    if let complaint = complaint(copy, bytes, file) {
      return call.responder.fail(.invalid(complaint))
    }
    let isChanged = configuration.baseline?.record.bytesSHA256 != copy.sha256
    if isChanged {
      do throws(BaselineStore.Failure) {
        try take(copy, by: approver(call.actor), note: note)
      } catch {
        return call.responder.fail(.failed("the baseline could not be stored: \(error)"))
      }
    }
    let limit = 100
    sweep { result in
      call.responder.reply([
        "canonical_sha256": .text(copy.canonicalSHA256.hexadecimal),
        "bytes_sha256": .text(copy.sha256.hexadecimal), "changed": .bool(isChanged),
        "checked": .int(result.checked), "restored": .int(result.restored),
        "failed": .int(result.failures.count),
        "failures": .array(result.failures.prefix(limit).map { .text($0) }),
      ])
    }
  }

  /// Stores the copy and takes it into force.
  private func take(
    _ copy: ApprovedCopy, by approver: String, note: String?
  ) throws(BaselineStore.Failure) {
    let isFirst = configuration.copy == nil
    let baseline = try store.append(
      bytes: copy.bytes, document: copy.document, by: approver, note: note)
    var new = Configuration(policy: configuration.policy, baseline: baseline, copy: copy)
    new.isNew = isFirst
    incidents.send(
      JournalRecord(
        messageID: MessageID.baselineApproved, priority: 5,
        message: "The configuration \(copy.canonicalSHA256) was approved by \(approver).",
        extra: [
          ("SHA256_EXPECTED", copy.sha256.hexadecimal), ("GENERATION", String(generation + 1)),
        ]))
    adopt(new)
  }

  /// Why this can't be approved; nil if it can.
  private func complaint(_ copy: ApprovedCopy, _ bytes: [UInt8], _ file: String?) -> Complaint? {
    if let misshapen = copy.document.misshapen.first {
      return Complaint(misshapen.complaint, file: file)
    }
    for server in copy.document.servers {
      let decision = configuration.policy.whitelist.decide(server, for: nil)
      if decision.isAllowed { continue }
      let position = Position(of: server.offset, in: bytes)
      let reason =
        if case .otherDefinition = decision {
          "the whitelist pins another definition of the server"
        } else {
          "the whitelist doesn't let anyone have the server"
        }
      return Complaint(
        "\(reason) \"\(server.name.escaped)\" (rule: \(decision.rule))",
        file: file, line: position.line, column: position.column)
    }
    return nil
  }

  private func approver(_ actor: ControlActor) -> String {
    let name = Account.withUID(actor.uid)?.name
    return name.map { "\($0) (uid \(actor.uid))" } ?? "uid \(actor.uid)"
  }
}
