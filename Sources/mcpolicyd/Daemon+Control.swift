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
    case .rights: rights(call)
    case .change(let change): handle(change, call)
    case .tryReload: tryReload(call)
    case .getIncident(let id): getIncident(call, id)
    }
  }

  private func getIncident(_ call: ControlCall, _ id: ByteString) {
    let found = incidents.recent(limit: 1) { incident in
      ByteString(incident.id) == id && call.mayRead(uid: incident.user?.uid ?? 0)
    }
    call.responder.reply(["incident": found.first?.json ?? .null])
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

}
