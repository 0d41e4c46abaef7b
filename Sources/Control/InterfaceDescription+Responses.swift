extension InterfaceDescription {
  /// The life of incidents, and metrics.
  static let responses = """
    # What became of an incident; members as in Incident.
    type IncidentLife (
      state: (open, acknowledged, resolved),
      acknowledged_at: ?string,
      acknowledged_by: ?string,
      acknowledged_note: ?string,
      resolved_at: ?string,
      resolved_by: ?string,
      resolved_note: ?string,
      overdue_at: ?string,
      escalation: ?string
    )

    # Somebody responded to an incident, or nobody did in time.
    type LifeStep (
      step: (acknowledged, resolved, overdue),
      at: string,
      incident: string,
      # Who did it; absent for overdue.
      by: ?string,
      note: ?string,
      # Who is to know, as in Incident.
      level: ?string,
      severity: Severity,
      # Of all its findings.
      kinds: []string,
      target: string,
      user: ?string,
      uid: int
    )

    type OverdueIncident (
      id: string,
      severity: Severity,
      # Of all its findings.
      kinds: []string,
      target: string,
      user: ?string,
      respond_by: string,
      escalation: string
    )

    # Which incidents are meant: of that user, with a finding of that kind.
    type IncidentFilter (user: ?string, kind: ?string)

    # Someone looks after these incidents: they don't become overdue any more. By
    # their ids, at most 256, or by a filter: then those that are open, at most 256.
    # Answers when it is stored.
    method Acknowledge(ids: ?[]string, filter: ?IncidentFilter, note: ?string) -> (
      changed: []string,
      # Those that were acknowledged or resolved already.
      unchanged: []string,
      # How many more the filter means.
      left: int,
      # Why it holds only until the daemon ends.
      not_stored: ?string
    )

    # These incidents are dealt with; as Acknowledge.
    method Resolve(ids: ?[]string, filter: ?IncidentFilter, note: string) -> (
      changed: []string,
      unchanged: []string,
      left: int,
      not_stored: ?string
    )

    # How the daemon does, in numbers: openmetrics, or prometheus for the text format
    # of Prometheus.
    method Metrics(format: ?string) -> (content_type: string, text: string)


    """
}
