import MCPConfig

/// Which incidents a caller wants to see, the newest first.
public struct IncidentQuery: Hashable, Sendable {
  /// What became of them; overdue are open ones that nobody responded to in time.
  public enum State: String, CaseIterable, Sendable {
    case open, acknowledged, resolved, overdue
  }

  public var limit: Int?
  public var target: ByteString?
  public var user: ByteString?
  public var state: State?

  public init(
    limit: Int? = nil, target: ByteString? = nil, user: ByteString? = nil, state: State? = nil
  ) {
    self.limit = limit
    self.target = target
    self.user = user
    self.state = state
  }
}

extension IncidentQuery {
  init(_ parameters: inout RequestParameters) throws(ControlError) {
    limit = try parameters.count("limit")
    target = try parameters.text("target")
    user = try parameters.text("user")
    if let word = try parameters.text("state") {
      guard let state = State(rawValue: word.text) else { throw .invalidParameter("state") }
      self.state = state
    }
  }
}
