import Baseline
import Control
import Enforcement
import Incidents
import Ledger
import Linux
import Metrics
import Policy

/// What is counted. No label ever holds what a user can choose: a collector keeps every value it saw.
extension Daemon {
  private typealias Label = MetricFamily.Label

  private func one(
    _ kind: MetricFamily.Kind, _ name: String, unit: String? = nil, _ value: Int, _ help: String
  ) -> MetricFamily {
    var family = MetricFamily(kind, "mcpolicyd_\(name)", unit: unit, help)
    family.add(value)
    return family
  }

  /// A time that may not have come yet.
  private func moment(_ name: String, _ time: WallTime?, _ help: String) -> MetricFamily {
    var family = MetricFamily(.gauge, "mcpolicyd_\(name)", unit: "seconds", help)
    if let time { family.add(Double(time.microseconds) / 1e6) }
    return family
  }

  private func times(
    _ name: String, _ histogram: TimeHistogram, _ help: String
  ) -> MetricFamily {
    var family = MetricFamily(.histogram, "mcpolicyd_\(name)", unit: "seconds", help)
    family.add(histogram)
    return family
  }

  /// The daemon itself.
  var ownFamilies: [MetricFamily] {
    var build = MetricFamily(.info, "mcpolicyd_build", "Which mcpolicyd this is.")
    build.add(1, Label("version", ServiceInfo.mcpolicyd.version))
    var state = MetricFamily(.gauge, "mcpolicyd_state", "1 for the state the daemon is in.")
    state.add(self.state, of: ["ok", "degraded", "unprovisioned"], as: "state")
    var mode = MetricFamily(.gauge, "mcpolicyd_mode", "1 for the policy's mode.")
    mode.add(
      configuration.policy.mode.rawValue, of: Policy.Mode.allCases.map(\.rawValue), as: "mode")
    return [
      build, moment("start_time", started, "When the daemon started."), state, mode,
      one(
        .gauge, "generation", generation,
        "Counts the policies, baselines and exceptions that came into force."),
      moment(
        "baseline_approved_timestamp",
        configuration.baseline.flatMap { WallTime(rfc3339: $0.record.approvedAt) },
        "When the baseline in force was approved."),
      moment("policy_read_timestamp", policyRead, "When the policy in force was read."),
      one(
        .counter, "reload_failures", failedReloads,
        "Reloads that left the policy before in force."),
      one(
        .gauge, "servers_revoked", exceptions.revocations.count,
        "Servers that are switched off on this host."),
      one(.gauge, "connections", server.connectionCount, "Peers at the control socket."),
      one(
        .counter, "connections_refused", server.refused,
        "Peers that were turned away because there were too many."),
    ]
  }

  var targetFamilies: [MetricFamily] {
    let counts = enforcer.counts
    var targets = MetricFamily(.gauge, "mcpolicyd_targets", "Targets by state.")
    let rest = counts.total - counts.compliant - counts.drifted - counts.unreachable
    for (state, count) in [
      (TargetSummary.State.compliant, counts.compliant), (.drifted, counts.drifted),
      (.unreachable, counts.unreachable), (.unprovisioned, rest),
    ] {
      targets.add(count, Label("state", state.rawValue))
    }
    return [
      targets,
      one(
        .gauge, "targets_unwatched", counts.unwatched,
        "Targets whose drift is found by sweeps alone."),
      one(
        .gauge, "targets_noisy", counts.noisy,
        "Targets that drift so often that they are looked at on a timer."),
      one(
        .gauge, "users_blocked", enforcer.blockedHomeCount,
        "Users whose homes don't answer."),
      one(.gauge, "watches", enforcer.watchCount, "Folders that are watched."),
      limit(
        "watches_limit", WatchLimits.watchesPerUser,
        "The kernel's limit of watches for one user (fs.inotify.max_user_watches)."),
      limit(
        "watch_instances_limit", WatchLimits.instancesPerUser,
        "The kernel's limit of inotify queues for one user (fs.inotify.max_user_instances)."),
    ]
  }

  /// A sandbox without /proc/sys doesn't tell: then there is no sample.
  private func limit(_ name: String, _ value: Int, _ help: String) -> MetricFamily {
    var family = MetricFamily(.gauge, "mcpolicyd_\(name)", help)
    if value > 0 { family.add(value) }
    return family
  }

  var restoreFamilies: [MetricFamily] {
    [
      one(.counter, "restores", enforcer.restoreCount, "Approved copies that were put back."),
      one(
        .counter, "restore_failures", enforcer.failureCount,
        "Approved copies that could not be put back after retries."),
      times(
        "tamper_to_restored", enforcer.restoreTimes,
        "From the first hint of a change to the approved copy in its place."),
      one(.counter, "sweeps", sweepTimes.count, "Checks of all targets."),
      times("sweep_duration", sweepTimes, "How long checks of all targets took."),
      moment("last_sweep_timestamp", lastSweep, "When all targets were last checked."),
    ]
  }

  var incidentFamilies: [MetricFamily] {
    var found = MetricFamily(
      .counter, "mcpolicyd_incidents", "Incidents by their worst finding, and its severity.")
    for kind in Finding.Kind.allCases {
      found.add(
        incidents.byLeadingKind[kind] ?? 0, Label("kind", kind.rawValue),
        Label("severity", kind.severity.rawValue))
    }
    let counts = life.state.counts(at: .now)
    var states = MetricFamily(
      .gauge, "mcpolicyd_incident_life", "Told incidents that are tracked, by state.")
    for state in TrackedIncident.State.allCases {
      states.add(counts.byState[state] ?? 0, Label("state", state.rawValue))
    }
    var awaiting = MetricFamily(
      .gauge, "mcpolicyd_incidents_awaiting", "Incidents that nobody responded to yet.")
    for severity in Severity.allCases {
      awaiting.add(
        counts.awaitingBySeverity[severity] ?? 0, Label("severity", severity.rawValue))
    }
    var overdue = MetricFamily(
      .gauge, "mcpolicyd_incidents_overdue",
      "Incidents that nobody responded to in time, by who is to know by now.")
    for level in Escalation.allCases {
      overdue.add(counts.overdueByLevel[level] ?? 0, Label("level", level.rawValue))
    }
    return [
      found,
      one(
        .gauge, "drift_standing", incidents.openCount,
        "Targets whose drift stands, and storms that go on."),
      states, awaiting, overdue,
    ]
  }

  var queueFamilies: [MetricFamily] {
    var drops = MetricFamily(
      .counter, "mcpolicyd_drops", "What was lost for want of room or of a disk.")
    drops.add(incidents.dropped, Label("what", "journal"))
    drops.add(enforcer.lostEvidenceCount, Label("what", "evidence"))
    drops.add(ledger.dropped, Label("what", "ledger"))
    drops.add(server.followersDropped, Label("what", "follower"))
    drops.add(life.state.forgottenCount, Label("what", "incident-life"))
    let (dirty, journal) = (enforcer.dirtyQueue, incidents.journalQueue)
    return [
      drops,
      one(
        .counter, "event_overflows", enforcer.overflowCount,
        "How often the kernel's queue of file events overflowed."),
      one(.gauge, "dirty_queue", dirty.waiting, "Targets that wait to be looked at."),
      one(
        .gauge, "dirty_queue_high_water", dirty.highWater,
        "The most targets that ever waited."),
      one(.gauge, "journal_queue", journal.waiting, "Records that wait for the journal."),
      one(
        .gauge, "journal_queue_high_water", journal.highWater,
        "The most records that ever waited."),
      one(
        .gauge, "journal_queue_limit", JournalWriter.capacity, "How many records may wait."),
    ]
  }
}
