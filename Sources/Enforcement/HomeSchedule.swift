import Linux

/// Which home's job comes next. Pure: it does nothing.
///
/// A home has at most one job under way, and homes take turns, so that one that never answers holds
/// one thread and nobody else's jobs. What has not answered for a while counts as blocked, and its
/// thread is given a stand-in.
struct HomeSchedule<Job> {
  private var waiting: [FilePath: [Job]] = [:]
  /// Homes with waiting jobs and none under way, in turn.
  private var turns: [FilePath] = []
  private var active: [FilePath: Active] = [:]

  private struct Active {
    var since: MonotonicTime
    var isBlocked = false
  }

  /// How many homes may be at work at once, those that are blocked left out.
  let width: Int
  /// How many blocked homes get a stand-in.
  static var mostBlocked: Int { 32 }
  /// Seconds until a home counts as blocked.
  static var patience: Double { 1 }

  init(width: Int) {
    self.width = width
  }

  var activeCount: Int { active.count }
  var blocked: [FilePath] { active.filter { $0.value.isBlocked }.map(\.key) }

  mutating func add(_ job: Job, of home: FilePath) {
    if waiting[home, default: []].isEmpty, active[home] == nil { turns.append(home) }
    waiting[home, default: []].append(job)
  }

  /// The next job to be started now; nil if none may be.
  mutating func next(at now: MonotonicTime) -> Job? {
    let blockedCount = active.values.count { $0.isBlocked }
    guard active.count - min(blockedCount, Self.mostBlocked) < width, !turns.isEmpty else {
      return nil
    }
    let home = turns.removeFirst()
    active[home] = Active(since: now)
    let job = waiting[home]!.removeFirst()
    if waiting[home]!.isEmpty { waiting[home] = nil }
    return job
  }

  mutating func finished(_ home: FilePath) {
    active[home] = nil
    if waiting[home] != nil { turns.append(home) }
  }

  /// Homes that have become blocked.
  mutating func newlyBlocked(at now: MonotonicTime) -> [FilePath] {
    let late = active.filter {
      !$0.value.isBlocked && $0.value.since.advanced(bySeconds: Self.patience) <= now
    }.map(\.key)
    for home in late { active[home]!.isBlocked = true }
    return late
  }

  /// When a home may next become blocked.
  var nextDeadline: MonotonicTime? {
    active.values.filter { !$0.isBlocked }.map(\.since).min()?.advanced(bySeconds: Self.patience)
  }
}
