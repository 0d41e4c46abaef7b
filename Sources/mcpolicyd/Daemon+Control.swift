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
    case .status: call.responder.reply(statusReport(for: call))
    case .listTargets: call.responder.reply(["targets": .array(targets(for: call).map(\.json))])
    case .listIncidents(let query): listIncidents(call, query)
    case .watchIncidents: watch(call)
    case .sweep: sweep(call)
    case .approve(let content, let note, let file):
      approve(call, content.bytes, note: note?.text, file: file?.text)
    case .reload: reload(call)
    case .rights: rights(call)
    case .change(let change): handle(change, call)
    case .tryReload: tryReload(call)
    case .getIncident(let id): getIncident(call, id)
    case .respond(let response): respond(call, response)
    case .metrics(let format): metrics(call, format)
    case .readLedger(let since): ledgerReaders.read(call, since: since?.text)
    }
  }

  private func targets(for call: ControlCall) -> [TargetSummary] {
    enforcer.summaries { call.mayRead(uid: $0?.uid ?? 0) }
  }

  private func watch(_ call: ControlCall) {
    let responder = call.responder
    let follower = incidents.follow { [unowned self] incident in
      guard call.mayRead(uid: incident.user?.uid ?? 0) else { return }
      responder.continueWith(["incident": shown(incident)])
    }
    lifeWatchers[follower] = { record in
      guard call.mayRead(uid: record.incident.uid) else { return }
      responder.continueWith(["step": record.shown])
    }
    responder.onClose = { [weak self] in
      self?.incidents.unfollow(follower)
      self?.lifeWatchers[follower] = nil
    }
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
