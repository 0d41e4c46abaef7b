/// The Varlink interface of the control socket.
public enum InterfaceDescription {
  public static let name = "io.mcpolicyd"

  /// In Varlink's interface definition language.
  public static let text = base + changes + responses + ledger + errors

  private static let base = """
    # Keeps every MCP configuration on the host equal to what was approved.
    #
    # Who may do what comes from the peer's credentials alone. Anyone sees the
    # daemon's status, and targets and incidents of their own; group
    # mcpolicy-audit reads all; root and group mcpolicy-admin change. Times are
    # RFC 3339 in UTC, digests are SHA-256 in lower-case hexadecimal. A path or a
    # name that isn't UTF-8 has U+FFFD in the place of each bad byte.
    interface io.mcpolicyd

    # Whether drift is only reported, or also undone.
    type Mode (observe, enforce)

    # How soon an incident is to be responded to: within 15 minutes, 1 hour,
    # 4 hours, 24 hours.
    type Severity (critical, high, medium, low)

    # What was done about an incident: the approved copy put back; only reported
    # (observe); left for later, because the target drifts too often; tried in vain.
    type Action (restored, reported, held, failed)

    # One reason why a target isn't what was approved.
    type Finding (
      # Such as server-drift or unauthorized-server.
      kind: string,
      severity: Severity,
      # The server it is about, if it is about one.
      server: ?string,
      # The member of the server's definition, if it is about one.
      field: ?string,
      # The rule of the policy that decided, or default.
      rule: string,
      # A sentence for people.
      message: string
    )

    # A file the daemon keeps.
    type Target (
      # Its name in the policy.
      name: string,
      path: string,
      # Whose home it lies in; absent for the central target.
      user: ?string,
      uid: int,
      # The program that reads the file.
      client: string,
      mode: Mode,
      state: (compliant, drifted, unprovisioned, unreachable),
      # Whether changes are seen at once, not only by the sweep.
      watched: bool,
      # Whether it was tampered with so often that it is looked at on a timer.
      noisy: bool,
      findings: []Finding
    )

    # Drift found at one time at one target. Of one that an earlier run of the daemon
    # found, path, action, mode, generation, count and findings aren't known any more:
    # kinds stands for the findings; the journal and the ledger have all.
    type Incident (
      id: string,
      discovered_at: string,
      respond_by: string,
      # The target's name, path and user.
      target: string,
      path: ?string,
      user: ?string,
      uid: int,
      severity: Severity,
      action: ?Action,
      mode: ?Mode,
      # The policy's generation that judged.
      generation: ?int,
      # From the event to the approved copy in its place.
      latency_usec: ?int,
      # How often the same drift was found, if it is told once for all.
      count: ?int,
      sha256_expected: ?string,
      sha256_found: ?string,
      # Where the rejected bytes are kept, for root.
      evidence: ?string,
      findings: ?[]Finding,
      kinds: ?[]string,
      # Whether someone responded; absent once the daemon doesn't track it any more.
      state: ?(open, acknowledged, resolved),
      acknowledged_at: ?string,
      acknowledged_by: ?string,
      acknowledged_note: ?string,
      resolved_at: ?string,
      resolved_by: ?string,
      resolved_note: ?string,
      # When respond_by had passed without a response.
      overdue_at: ?string,
      # Who is to know of it by now: team-lead, security-team, ciso or regulator.
      escalation: ?string
    )

    # What a reload would do at one target.
    type PlannedChange (
      # The target's name, path and user.
      target: string,
      path: string,
      user: ?string,
      uid: int,
      step: (restore, report, fail),
      # Drift: what is there isn't approved now either. Rollout: it is, but not by
      # the policy that would be read.
      reason: (drift, rollout),
      # Why it couldn't be restored.
      error: ?string,
      findings: []Finding
    )

    # The approved configuration in force.
    type Baseline (
      canonical_sha256: string,
      approved_at: string,
      approved_by: string
    )

    type Restores (total: int, failed: int, latency_usec: Latency)

    # Microseconds; absent while nothing was restored.
    type Latency (p50: ?int, p95: ?int, p99: ?int, max: ?int)

    # How the daemon is.
    method Status() -> (
      state: (ok, degraded, unprovisioned),
      mode: Mode,
      # Goes up by one with each policy and each baseline that comes into force, and
      # with each server that is revoked, reinstated, granted or granted no more.
      generation: int,
      # Absent while nothing was approved.
      baseline: ?Baseline,
      targets: (total: int, compliant: int, drifted: int, unwatched: int, noisy: int),
      restores: Restores,
      # How many since the start, how many stand, and how many of each severity; how
      # many wait for a response, have one and aren't resolved, wait for too long.
      incidents: (
        total: int,
        open: int,
        by_severity: [string]int,
        awaiting: ?int,
        acknowledged: ?int,
        overdue: ?int
      ),
      # The first of the overdue incidents that the caller may see.
      overdue_incidents: ?[]OverdueIncident,
      # Users whose homes don't answer, so that their targets can't be looked at.
      users_blocked: ?[]string,
      # Servers that are switched off on this host.
      revoked: ?[]string,
      # What keeps the state from being ok, in sentences.
      problems: ?[]string,
      version: ?string,
      # When the daemon started.
      since: ?string,
      # When the policy in force was read, and when all targets were last checked.
      policy_read: ?string,
      last_sweep: ?string,
      # Reloads since the start that left the policy before in force, and why the
      # last one did; no reason once a reload went through.
      failed_reloads: ?int,
      reload_failure: ?string
    )

    # The targets the caller may see.
    method ListTargets() -> (targets: []Target)

    # The incidents the caller may see, the newest first: at most so many, of one
    # target, of one user; open, acknowledged, resolved, or overdue of the open ones.
    method ListIncidents(
      limit: ?int,
      target: ?string,
      user: ?string,
      state: ?string
    ) -> (incidents: []Incident)

    # One incident that the caller may see; absent if the daemon doesn't know it, or
    # not any more: the journal has all.
    method GetIncident(id: string) -> (incident: ?Incident, life: ?IncidentLife)

    # Each incident the caller may see, as it happens, and each step in the life of
    # one: a reply has either. Call it with 'more'.
    method WatchIncidents() -> (incident: ?Incident, step: ?LifeStep)

    # Checks all targets now; answers when all are done.
    method Sweep() -> (
      checked: int,
      drifted: int,
      restored: int,
      failed: int,
      duration_usec: int
    )

    # Makes these bytes the approved configuration and puts it at every target;
    # answers when all are done. The note is kept with the baseline, the file is
    # what the caller calls the content.
    method Approve(content: string, note: ?string, file: ?string) -> (
      canonical_sha256: string,
      bytes_sha256: string,
      # False if the baseline has these bytes already.
      changed: bool,
      # How many targets there are; with 'more', replies before the last one tell
      # how many were checked so far.
      total: int,
      checked: int,
      restored: int,
      # Drift that was only reported, as in observe.
      left: int,
      failed: int,
      # One sentence for each target that failed.
      failures: []string
    )

    # Reads the policy anew. If it doesn't hold, the old one stays in force.
    method Reload() -> (generation: int)

    # What a reload would do; answers when all targets were looked at, and changes
    # nothing.
    method TryReload() -> (
      # The generation that the policy would have.
      generation: int,
      mode: Mode,
      # Whether the policy's pin would make the approved file the baseline.
      adopts: bool,
      checked: int,
      would_restore: int,
      # In observe.
      would_report: int,
      would_fail: int,
      # Of these three, how many only because what is approved changes.
      rollouts: int,
      # Targets that would not be kept any more.
      released: int,
      # How many targets have a finding of the kind.
      by_kind: [string]int,
      # False if a home didn't answer: then the figures lack it and those after it.
      complete: bool,
      # What would keep the state from being ok, in sentences.
      problems: []string,
      # The first 1,000.
      changes: []PlannedChange
    )

    """

  private static let errors = """
    # The caller's role doesn't reach for the verb; 'needs' says who may.
    error NotAllowed(verb: string, needs: string)

    # The input can't be used: what is wrong, and where, counted from 1.
    error Invalid(message: string, file: ?string, line: ?int, column: ?int)

    # Nothing was approved yet.
    error Unprovisioned()

    # It couldn't be done.
    error Failed(message: string)

    """
}
