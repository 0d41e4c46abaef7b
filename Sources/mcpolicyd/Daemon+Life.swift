import Control
import Incidents
import Ledger
import Linux
import MCPConfig
import Policy

/// What becomes of incidents: someone responds, or nobody does in time.
extension Daemon {
  /// How many incidents become overdue in one turn of the loop: after a long time away it could be all.
  private static let overdueAtOnce = 64

  /// Tells of steps once they are stored, or can't be: what is told before, a crash could undo.
  private func tellWhenStored(_ records: [LifeRecord]) {
    if records.isEmpty { return }
    life.whenStored { [weak self] _ in self?.tell(records) }
  }

  private func tell(_ records: [LifeRecord]) {
    for record in records { tell(record) }
    for record in records { life.told(record) }
  }

  /// What the run before had stored when it was killed, and not told yet.
  func tellUntold() { tell(life.untold) }

  /// The one place that every step goes through.
  private func tell(_ record: LifeRecord) {
    incidents.send(JournalRecord(record))
    ledger.append(record.ledgerKind, record.json, at: record.at)
    for watcher in lifeWatchers.values { watcher(record) }
    metricsOutput.changed()
  }

  /// Called on every turn of the loop.
  func workOnLife(now: MonotonicTime) {
    if let next = life.state.nextRespondBy, next <= .now {
      let time = WallTime.now
      // Nobody waits for a disk to hear of it: what a crash undoes is told again.
      for incident in life.overdue(at: time, limit: Self.overdueAtOnce) {
        tell(LifeRecord(.overdue, incident, by: nil, at: time))
      }
    }
    if let retry = life.nextDeadline, retry <= now { life.retry() }
    tellForgotten(now)
  }

  /// When the loop is to look at the lives: by the clock as it stands now, as for grants.
  var lifeDeadline: MonotonicTime? {
    let respond = life.state.nextRespondBy.map { time in
      // A clock that was far ahead once leaves times that no timer takes.
      let microseconds = min(
        max(time.microseconds - WallTime.now.microseconds, 0), 86_400_000_000)
      return MonotonicTime.now.advanced(bySeconds: Double(microseconds) / 1e6 + 0.001)
    }
    return [respond, life.nextDeadline].compactMap { $0 }.min()
  }

  /// Says how many incidents had to go for want of room, at most once a minute.
  private func tellForgotten(_ now: MonotonicTime) {
    let count = life.state.forgottenCount
    guard count > forgottenTold.count, forgottenTold.next <= now else { return }
    let more = count - forgottenTold.count
    forgottenTold = (count, now.advanced(bySeconds: 60))
    incidents.send(
      JournalRecord(
        messageID: MessageID.lifeIncomplete, priority: 4,
        message:
          "\(more) incidents that nobody resolved were forgotten, because too many wait. "
          + "The journal has them.", extra: [("COUNT", String(more))]))
  }

  func announceLifeDamage() {
    guard let damage = life.damage else { return }
    incidents.send(
      JournalRecord(
        messageID: MessageID.lifeIncomplete, priority: 4,
        message:
          "What became of earlier incidents isn't all known: \(damage)."
          + (life.damagedName.map { " It is kept as \($0)." } ?? "")))
  }

  /// What keeps the state from being ok.
  var lifeProblems: [String] {
    var problems: [String] = []
    if let damage = life.damage {
      problems.append("what became of earlier incidents isn't all known: \(damage)")
    }
    if let failure = life.failure {
      problems.append("what becomes of incidents can't be stored: \(failure)")
    }
    let forgotten = life.state.forgottenCount
    if forgotten > 0 {
      problems.append(
        "\(forgotten) incidents that nobody resolved were forgotten, because too many wait")
    }
    return problems
  }

  // MARK: Calls

  func respond(_ call: ControlCall, _ response: IncidentResponse) {
    let states: Set<TrackedIncident.State> =
      response.act == .acknowledge ? [.open] : [.open, .acknowledged]
    let ids: [String]
    var left = 0
    switch response.subject {
    case .ids(let names):
      if let unknown = names.first(where: { life.state[$0.text] == nil }) {
        return call.responder.fail(
          .invalid(Complaint("no incident \(unknown.shown) waits for a response here")))
      }
      ids = names.map(\.text)
    case .matching(let user, let kind):
      if let kind, Finding.Kind(rawValue: kind.text) == nil {
        return call.responder.fail(
          .invalid(Complaint("kind: no finding is of the kind \(kind.shown)")))
      }
      (ids, left) = life.state.ids(
        LifeFilter(user: user, kind: kind), in: states, limit: IncidentResponse.limit)
    }
    let (changed, unchanged) = respond(call, response, to: ids)
    life.whenStored { error in
      call.responder.reply([
        "changed": .array(changed.map { .text($0) }),
        "unchanged": .array(unchanged.map { .text($0) }), "left": .int(left),
        "not_stored": .optional(error?.description),
      ])
    }
  }

  private func respond(
    _ call: ControlCall, _ response: IncidentResponse, to ids: [String]
  ) -> (changed: [String], unchanged: [String]) {
    let actor = actor(of: call)
    var entry = TrackedIncident.Response(at: .now, by: actor.text, note: response.note?.text)
    entry.isTold = false
    var changed: [String] = []
    var unchanged: [String] = []
    var steps: [LifeRecord] = []
    for id in ids {
      let incident =
        response.act == .acknowledge ? life.acknowledge(id, entry) : life.resolve(id, entry)
      guard let incident else {
        unchanged.append(id)
        continue
      }
      changed.append(id)
      steps.append(
        LifeRecord(
          response.act == .acknowledge ? .acknowledged : .resolved, incident, by: actor,
          note: entry.note, at: entry.at))
    }
    tellWhenStored(steps)
    return (changed, unchanged)
  }

  // MARK: Views

  /// What status says of them, for whoever may read them.
  func overdueIncidents(for call: ControlCall) -> JSON {
    let now = WallTime.now
    let found = life.state.overdue(at: now, limit: 20) { call.mayRead(uid: $0.uid) }
    return .array(
      found.map { incident, level in
        [
          "id": .text(incident.id), "severity": .text(incident.severity.rawValue),
          "kinds": .array(incident.kinds.map { .text($0.rawValue) }),
          "target": .text(incident.target), "user": .optional(incident.user),
          "respond_by": .text(incident.respondBy.rfc3339), "escalation": .text(level.rawValue),
        ]
      })
  }
}

extension JSON {
  /// The object with more members.
  func adding(_ more: [(String, JSON)]) -> JSON {
    let added = more.map { Member(key: ByteString($0), value: $1) }
    return JSON(.object((members ?? []) + added))
  }
}

extension LifeRecord {
  fileprivate var ledgerKind: LedgerKind {
    switch kind {
    case .acknowledged: .acknowledged
    case .resolved: .resolved
    case .overdue: .overdue
    }
  }
}
