import Linux
import MCPConfig
import Policy

/// Merges incidents that come too fast into records that count. Pure: it does nothing.
///
/// The first few of a kind at a path are told one by one. From then on one record stands for all of
/// a window, and each window is twice as long as the last, until it has been calm for a while: ten
/// thousand equal tamperings make some twenty records, whose counts add up. Another kind at the same
/// path has a stream of its own, so a storm of what is harmless hides nothing.
struct IncidentCoalescer {
  private var streams: [Key: Stream] = [:]

  private struct Key: Hashable {
    var path: String
    var kind: Finding.Kind
    var action: Action
  }

  private struct Stream {
    var credit = IncidentCoalescer.free
    var creditedAt: MonotonicTime
    var window = IncidentCoalescer.firstWindow
    /// What the window that is open has gathered.
    var pending: Incident?
    var due: MonotonicTime?

    /// A stream that has all its credit again starts anew.
    mutating func earn(until now: MonotonicTime) {
      let seconds = Double(max(now.microseconds(since: creditedAt), 0)) / 1e6
      creditedAt = now
      credit = min(credit + seconds * IncidentCoalescer.freePerSecond, IncidentCoalescer.free)
      if credit >= IncidentCoalescer.free { window = IncidentCoalescer.firstWindow }
    }
  }

  enum Step {
    case tell
    /// It counts in the incident of this id, which is told later.
    case merged(id: String)
  }

  /// Incidents that are told one by one, and how many of them are given back in a second.
  private static let free = 8.0
  private static let freePerSecond = 0.1
  /// Seconds.
  private static let firstWindow = 1.0
  private static let longestWindow = 120.0
  /// Above so many, streams that are calm are forgotten.
  private static let streamLimit = 4096

  var streamCount: Int { streams.count }

  /// When the next window ends.
  private(set) var nextDeadline: MonotonicTime?

  mutating func offer(_ incident: Incident, at now: MonotonicTime) -> Step {
    let key = Key(
      path: incident.path, kind: incident.leading.kind, action: incident.action)
    var stream = streams[key] ?? Stream(creditedAt: now)
    defer { streams[key] = stream }
    if var pending = stream.pending {
      pending.merge(incident)
      stream.pending = pending
      // Only calm earns.
      stream.creditedAt = now
      return .merged(id: pending.id)
    }
    stream.earn(until: now)
    if stream.credit >= 1 {
      stream.credit -= 1
      if streams.count >= Self.streamLimit { forgetCalm(at: now) }
      return .tell
    }
    stream.pending = incident
    let due = now.advanced(bySeconds: stream.window)
    stream.due = due
    nextDeadline = min(nextDeadline ?? due, due)
    return .merged(id: incident.id)
  }

  /// The incidents whose windows are over, or of all windows.
  mutating func take(dueAt now: MonotonicTime?) -> [Incident] {
    var told: [Incident] = []
    var next: MonotonicTime?
    for (key, stream) in streams {
      guard let due = stream.due, let pending = stream.pending else { continue }
      if let now, now < due {
        next = min(next ?? due, due)
        continue
      }
      told.append(pending)
      streams[key]!.pending = nil
      streams[key]!.due = nil
      streams[key]!.window = min(stream.window * 2, Self.longestWindow)
    }
    nextDeadline = next
    return told.sorted { $0.discoveredAt < $1.discoveredAt }
  }

  private mutating func forgetCalm(at now: MonotonicTime) {
    for (key, stream) in streams where stream.pending == nil {
      var stream = stream
      stream.earn(until: now)
      if stream.credit >= Self.free { streams[key] = nil }
    }
  }
}

extension Incident {
  /// Counts another one in. What differs in its findings is told too, as far as there is room.
  fileprivate mutating func merge(_ other: Incident) {
    count += other.count
    let known = Set(findings)
    let more = other.findings.filter { !known.contains($0) }
    findings += more.prefix(max(Verdict.findingLimit - findings.count, 0))
    if let latency = other.latencyMicroseconds {
      latencyMicroseconds = max(latencyMicroseconds ?? 0, latency)
    }
    if evidence == nil { evidence = other.evidence }
  }
}
