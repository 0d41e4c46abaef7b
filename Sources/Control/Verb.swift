import MCPConfig

/// What can be asked for over the control socket; the raw value is the method of `io.mcpolicyd`.
public enum Verb: String, CaseIterable, Sendable {
  case status = "Status"
  case listTargets = "ListTargets"
  case listIncidents = "ListIncidents"
  case watchIncidents = "WatchIncidents"
  case sweep = "Sweep"
  case approve = "Approve"
  case reload = "Reload"

  /// The method of that name, by its bytes.
  init?(method: ByteString) {
    guard let verb = Self.allCases.first(where: { ByteString($0.rawValue) == method }) else {
      return nil
    }
    self = verb
  }

  /// The least role that may ask for it. A verb of `own` answers with what the role may read.
  public var needs: Role {
    switch self {
    case .status, .listTargets, .listIncidents, .watchIncidents: .own
    case .sweep, .approve, .reload: .admin
    }
  }

  /// Whether it answers a call with `more` only, and then for as long as the peer stays.
  public var streams: Bool { self == .watchIncidents }

  public var method: String { "\(InterfaceDescription.name).\(rawValue)" }
}
