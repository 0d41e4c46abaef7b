import MCPConfig

/// Someone responds to incidents: they look after them, or have dealt with them.
public struct IncidentResponse: Hashable, Sendable {
  public enum Act: Hashable, Sendable {
    case acknowledge, resolve
  }

  public enum Subject: Hashable, Sendable {
    case ids([ByteString])
    /// All that it can be done to, of that user and with a finding of that kind.
    case matching(user: ByteString?, kind: ByteString?)
  }

  public var act: Act
  public var subject: Subject
  /// Resolving has one.
  public var note: ByteString?

  /// How many incidents one call responds to at most: each is stored and told.
  public static let limit = 256

  public var verb: Verb { act == .acknowledge ? .acknowledge : .resolve }
}

extension IncidentResponse {
  init(_ verb: Verb, _ parameters: inout RequestParameters) throws(ControlError) {
    act = verb == .acknowledge ? .acknowledge : .resolve
    let ids = try parameters.texts("ids", limit: Self.limit)
    let filter = try parameters.object("filter")
    note =
      act == .resolve ? try parameters.requiredNote("note") : try parameters.note("note")
    if let ids, filter == nil, !ids.isEmpty {
      subject = .ids(ids)
    } else if ids == nil, var filter {
      subject = .matching(user: try filter.text("user"), kind: try filter.text("kind"))
      try filter.end()
    } else {
      throw .invalid(Complaint("either ids or a filter says which incidents are meant"))
    }
  }
}
