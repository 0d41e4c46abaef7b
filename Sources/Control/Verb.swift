import MCPConfig

/// What can be asked for over the control socket; the raw value is the method of `io.mcpolicyd`.
public enum Verb: String, CaseIterable, Sendable {
  case status = "Status"
  case rights = "Rights"
  case listTargets = "ListTargets"
  case listIncidents = "ListIncidents"
  case watchIncidents = "WatchIncidents"
  case sweep = "Sweep"
  case approve = "Approve"
  case reload = "Reload"
  case tryReload = "TryReload"
  case getIncident = "GetIncident"
  case reviewApproval = "ReviewApproval"
  case listBaselines = "ListBaselines"
  case showBaseline = "ShowBaseline"
  case rollback = "Rollback"
  case revoke = "Revoke"
  case reinstate = "Reinstate"
  case listRevocations = "ListRevocations"
  case grant = "Grant"
  case endGrant = "EndGrant"
  case listGrants = "ListGrants"
  case requestServer = "RequestServer"
  case listRequests = "ListRequests"
  case rejectRequest = "RejectRequest"
  case acknowledge = "Acknowledge"
  case resolve = "Resolve"
  case metrics = "Metrics"
  case readLedger = "ReadLedger"

  /// The method of that name, by its bytes.
  init?(method: ByteString) {
    guard let verb = Self.allCases.first(where: { ByteString($0.rawValue) == method }) else {
      return nil
    }
    self = verb
  }

  /// Whether it answers a call with `more` only.
  public var streams: Bool { self == .watchIncidents || self == .readLedger }

  /// Whether it changes nothing, so that asking again does no harm.
  var onlyReads: Bool {
    switch self {
    case .status, .rights, .listTargets, .listIncidents, .getIncident, .listBaselines,
      .showBaseline, .listRevocations, .listGrants, .listRequests, .metrics:
      true
    case .watchIncidents, .readLedger, .sweep, .approve, .reviewApproval, .reload, .tryReload,
      .rollback, .revoke, .reinstate, .grant, .endGrant, .requestServer, .rejectRequest,
      .acknowledge, .resolve:
      false
    }
  }

  public var method: String { "\(InterfaceDescription.name).\(rawValue)" }
}
