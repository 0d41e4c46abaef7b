import Linux
import MCPConfig
import Policy

/// The incidents of this run: numbered, counted, sent to the journal and to whoever follows.
///
/// It lives on the loop's thread and never waits.
public final class IncidentLog {
  private let journal: JournalWriter
  private var recent: [Incident] = []
  private var counter = 0
  private var followers: [Int: (Incident) -> Void] = [:]
  private var nextFollower = 0
  /// Called for each told incident, before its followers are.
  public var onTold: ((Incident) -> Void)?
  private var coalescer = IncidentCoalescer()
  /// The newest incident of each target whose drift still stands.
  private var standing: [String: Severity] = [:]
  /// Targets that are noisy.
  private var storms: Set<String> = []

  /// How many incidents are kept for `incidents`; the journal has all.
  public static let recentLimit = 512
  /// And how many findings they may have together: a file can make hundreds.
  static let findingLimit = 2048
  private var recentFindings = 0

  public private(set) var total = 0
  public private(set) var bySeverity: [Severity: Int] = [:]
  public private(set) var byKind: [Finding.Kind: Int] = [:]
  /// Each incident once, under its worst finding.
  public private(set) var byLeadingKind: [Finding.Kind: Int] = [:]
  /// Records that the journal's queue had no room for.
  public private(set) var dropped = 0
  /// Records that wait for the journal, and the most that ever did.
  public var journalQueue: (waiting: Int, highWater: Int) { (journal.waiting, journal.highWater) }

  public init(journal: JournalWriter) {
    self.journal = journal
  }

  /// Targets whose drift still stands, and storms that go on.
  public var openCount: Int { standing.count + storms.count }

  /// When `tellDue` has something to do.
  public var nextDeadline: MonotonicTime? { coalescer.nextDeadline }

  /// Counts the incident at once, and tells it: at once too, or in one record with others like it.
  ///
  /// Returns the id of the incident that it counts in.
  @discardableResult
  public func append(_ draft: Incident, at now: MonotonicTime = .now) -> String {
    var incident = draft
    counter += 1
    incident.id = "\(incident.discoveredAt.microseconds)-\(counter)"
    total += incident.count
    bySeverity[incident.severity, default: 0] += incident.count
    byLeadingKind[incident.leading.kind, default: 0] += incident.count
    for kind in Set(incident.findings.map(\.kind)) { byKind[kind, default: 0] += incident.count }
    note(incident)
    switch coalescer.offer(incident, at: now) {
    case .tell:
      tell(incident)
      return incident.id
    case .merged(let id):
      return id
    }
  }

  private func note(_ incident: Incident) {
    if incident.leading.kind == .tamperStorm {
      if incident.isOpen { storms.insert(incident.path) }
    } else {
      standing[incident.path] = incident.isOpen ? incident.severity : nil
    }
  }

  /// Tells the incidents that were gathered and whose time has come; all of them at the end.
  public func tellDue(at now: MonotonicTime?) {
    for incident in coalescer.take(dueAt: now) { tell(incident) }
  }

  private func tell(_ incident: Incident) {
    recent.append(incident)
    recentFindings += incident.findings.count
    forgetOld()
    send(JournalRecord(incident))
    onTold?(incident)
    for follower in followers.values { follower(incident) }
  }

  /// A quarter at a time, so that it costs little.
  private func forgetOld() {
    guard recent.count > Self.recentLimit || recentFindings > Self.findingLimit else { return }
    let old = recent.prefix(max(recent.count / 4, 1))
    recentFindings -= old.reduce(0) { $0 + $1.findings.count }
    recent.removeFirst(old.count)
  }

  /// The path's drift is gone without a restore: its user took it back.
  public func settled(path: String) {
    standing[path] = nil
  }

  /// The path's target is no longer noisy.
  public func calmed(path: String) {
    storms.remove(path)
  }

  public func send(_ record: JournalRecord) {
    if !journal.send(record) { dropped += 1 }
  }

  /// Newest first.
  public func recent(limit: Int, where passes: (Incident) -> Bool) -> [Incident] {
    Array(recent.reversed().lazy.filter(passes).prefix(limit))
  }

  /// Calls `body` for each incident from now on; the number ends it.
  public func follow(_ body: @escaping (Incident) -> Void) -> Int {
    nextFollower += 1
    followers[nextFollower] = body
    return nextFollower
  }

  public func unfollow(_ follower: Int) {
    followers[follower] = nil
  }
}
