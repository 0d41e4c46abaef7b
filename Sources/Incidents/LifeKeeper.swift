import Linux

/// The lives of this host's incidents, over restarts: what `IncidentLife` decides is stored.
///
/// It lives on the loop's thread and never waits.
public final class LifeKeeper {
  public private(set) var state = IncidentLife()
  private let store: LifeStore
  /// Why the file wasn't whole when it was read.
  public let damage: String?
  /// Under which name it is kept then; nil if it couldn't be.
  public let damagedName: String?

  /// - Parameter folder: the daemon's alone.
  public init(folder: consuming Descriptor) throws(SystemError) {
    let file = LifeFile(folder: folder)
    let content = file.load()
    damage = content.damage.map { "\(LifeFile.name) \($0)" }
    damagedName = damage == nil ? nil : file.putAside()
    for change in content.changes { state.replay(change) }
    store = try LifeStore(file: file, state.all)
  }

  /// What the loop waits for, and calls `handleReports` for.
  public var readiness: Int32 { store.readiness }
  public func handleReports() { store.handleReports() }
  /// When `retry` has something to do.
  public var nextDeadline: MonotonicTime? { store.nextDeadline }

  /// Why what changed isn't all stored; it holds until the daemon ends.
  public var failure: SystemError? { store.failure }

  public func opened(_ incident: Incident) {
    store.store(state.opened(TrackedIncident(incident)), of: state)
  }

  /// Nil if nothing changes by it, or nobody knows it.
  public func acknowledge(
    _ id: String, _ response: TrackedIncident.Response
  ) -> TrackedIncident? {
    keep(state.acknowledge(id, response))
  }

  /// Nil if nothing changes by it, or nobody knows it.
  public func resolve(_ id: String, _ response: TrackedIncident.Response) -> TrackedIncident? {
    keep(state.resolve(id, response))
  }

  /// That step has been told. Nobody waits for that: what isn't stored is told again.
  public func told(_ record: LifeRecord) {
    let changes = state.told(record.kind, of: record.incident.id)
    if !changes.isEmpty { store.store(changes, of: state) }
  }

  /// What a crash left untold, of each incident in its order.
  public var untold: [LifeRecord] {
    state.all.filter { !$0.isTold }.sorted { $0.id < $1.id }.flatMap { incident in
      [(LifeRecord.Kind.acknowledged, incident.acknowledged), (.resolved, incident.resolved)]
        .compactMap { kind, response in
          response.flatMap {
            $0.isTold ? nil : LifeRecord(kind, incident, by: nil, note: $0.note, at: $0.at)
          }
        }
    }
  }

  private func keep(_ step: IncidentLife.Step) -> TrackedIncident? {
    guard case .changed(let incident, let changes) = step else { return nil }
    store.store(changes, of: state)
    return incident
  }

  /// Those that are overdue from now on, at most so many at a time.
  public func overdue(at now: WallTime, limit: Int) -> [TrackedIncident] {
    let late = state.overdue(at: now, limit: limit)
    if !late.isEmpty { store.store(late.map { .keep($0) }, of: state) }
    return late
  }

  /// Calls `body` once all changes so far are stored, or with why they aren't.
  public func whenStored(_ body: @escaping (SystemError?) -> Void) { store.whenStored(body) }

  /// Tries again what could not be stored.
  public func retry() { store.retry(state) }

  public func finish(seconds: Double) { store.finish(seconds: seconds) }
}
