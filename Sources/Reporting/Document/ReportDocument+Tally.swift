import Incidents
import Linux
import MCPConfig
import Policy

extension ReportDocument {
  /// What was added up, sorted.
  public init(
    _ tally: ReportTally, source: String, generator: String, at time: WallTime,
    unreadableFiles: [String] = [], ledger: LedgerCheck? = nil
  ) {
    header = Header(
      since: tally.period.since, until: tally.period.until, days: tally.days.count,
      generatedAt: time, generator: generator, source: ByteString(source).escaped,
      user: tally.user?.text)
    incidents = Incidents(tally)
    restores = Restores(tally.restores)
    response = Response(tally)
    hosts = tally.hosts.map { Host($0.key, $0.value) }.sorted {
      ByteString($0.name) < ByteString($1.name)
    }
    changes = Changes(tally.changes)
    inventory = Inventory(tally.hosts, isCut: tally.inventoryIsCut)
    records = Records(
      unreadable: tally.unreadable,
      unreadableFiles: unreadableFiles.map { ByteString($0).escaped }, dropped: tally.dropped,
      removedFiles: tally.removed,
      refusals: tally.refusals, unprovisioned: tally.unprovisioned,
      modeChanges: tally.modeChanges, hostsNotListed: tally.hostsNotListed, ledger: ledger)
  }
}

extension ReportDocument.Rows {
  fileprivate init(_ counts: BoundedCounts) {
    rows = counts.sorted().map { .init(name: $0.name.text, counts: $0.counts) }
    others = counts.others
  }
}

extension ReportDocument.Incidents {
  fileprivate init(_ tally: ReportTally) {
    counts = tally.incidents
    records = tally.records
    repeated = tally.repeated
    restored = tally.actions[.restored] ?? 0
    reported = tally.actions[.reported] ?? 0
    held = tally.actions[.held] ?? 0
    failed = tally.actions[.failed] ?? 0
    byLeadingKind = .init(tally.leadingKinds)
    byKind = .init(tally.kinds)
    byUser = .init(tally.users)
    byServer = .init(tally.servers)
    byDay = zip(tally.period.days, tally.days).map { .init(name: $0.text, counts: $1) }
  }
}

extension ReportDocument.Restores {
  fileprivate init(_ times: TimeHistogram) {
    self.init(
      timed: times.count, mean: times.mean, p95: times.percentile(95), max: times.max,
      sum: times.sum, bands: times.bands)
  }
}

extension ReportDocument.Response {
  fileprivate init(_ tally: ReportTally) {
    let outcomes = ResponseTally.outcomes(tally.seen)
    isRecorded = tally.hasRecords
    classes = Severity.allCases.reversed().map { severity in
      let outcome = outcomes[severity] ?? ResponseTally.Outcome()
      let times = outcome.times
      return Class(
        severity: severity, withinMinutes: severity.respondWithinMinutes,
        records: tally.records[severity], answered: outcome.answered, inTime: outcome.inTime,
        resolved: outcome.resolved, meanSeconds: times.mean.map { $0 / 1_000_000 },
        maxSeconds: times.count == 0 ? nil : times.max / 1_000_000)
    }
    byLevel = tally.responses.overdue(tally.seen).sorted().map { ($0.name.text, $0.counts.total) }
    overdue = byLevel.reduce(0) { $0 + $1.count }
    notCounted = tally.responses.lost
  }
}

extension ReportDocument.Host {
  fileprivate init(_ name: ByteString, _ host: HostTally) {
    self.init(
      name: name.text, counts: host.incidents, starts: host.starts,
      daysWithRecords: host.daysWithRecords, first: host.first, last: host.last, head: host.head)
  }
}

extension ReportDocument.Changes {
  fileprivate init(_ tally: ChangeTally) {
    var counts = AuditRecord.Change.allCases.map { ($0.rawValue, tally.count($0.rawValue)) }
    let known = Set(counts.map(\.0))
    for (name, count) in tally.counts.sorted() where !known.contains(name.text) {
      counts.append((name.text, count.total))
    }
    self.counts = counts
    entries = tally.entries.map(Entry.init).sorted { $0.at < $1.at }
    notListed = tally.notListed
  }

  /// How often that change was made.
  public func count(_ change: AuditRecord.Change) -> Int {
    counts.first { $0.change == change.rawValue }?.count ?? 0
  }
}

extension ReportDocument.Changes.Entry {
  fileprivate init(_ entry: ChangeTally.Entry) {
    let change = entry.change
    self.init(
      at: entry.at, host: entry.host.text, change: change.change.text, actor: change.actor?.text,
      server: change.server?.text, user: change.user?.text, until: change.until?.text,
      ticket: change.ticket?.text, reason: change.reason?.text, sha256: change.sha256?.text)
  }
}
