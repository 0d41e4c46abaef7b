import MCPConfig

/// A verb with its parameters, checked.
public enum Request: Hashable, Sendable {
  case status
  /// Who the caller is, and what it may do.
  case rights
  case listTargets
  case listIncidents(IncidentQuery)
  case watchIncidents
  case sweep
  /// - content: the bytes of an `mcp.json`; file: what the peer calls it, for messages.
  case approve(content: ByteString, note: ByteString?, file: ByteString?)
  case reload
  case change(ChangeRequest)
  /// What a reload would do.
  case tryReload
  case getIncident(id: ByteString)
  case respond(IncidentResponse)
  case metrics(MetricsFormat)
  /// The ledger's records from a time on, RFC 3339.
  case readLedger(since: ByteString?)

  public var verb: Verb {
    switch self {
    case .status: .status
    case .rights: .rights
    case .listTargets: .listTargets
    case .listIncidents: .listIncidents
    case .watchIncidents: .watchIncidents
    case .sweep: .sweep
    case .approve: .approve
    case .reload: .reload
    case .change(let change): change.verb
    case .tryReload: .tryReload
    case .getIncident: .getIncident
    case .respond(let response): response.verb
    case .metrics: .metrics
    case .readLedger: .readLedger
    }
  }

  /// A parameter that the verb doesn't have is an error, or a misspelled `user` would list everyone.
  init(_ verb: Verb, _ parameters: JSON) throws(ControlError) {
    var parameters = RequestParameters(parameters)
    switch verb {
    case .status: self = .status
    case .rights: self = .rights
    case .listTargets: self = .listTargets
    case .listIncidents: self = .listIncidents(try IncidentQuery(&parameters))
    case .watchIncidents: self = .watchIncidents
    case .sweep: self = .sweep
    case .approve:
      guard let content = try parameters.text("content") else {
        throw .invalidParameter("content")
      }
      self = .approve(
        content: content, note: try parameters.note("note"), file: try parameters.text("file"))
    case .reload: self = .reload
    case .tryReload: self = .tryReload
    case .getIncident:
      guard let id = try parameters.text("id") else { throw .invalidParameter("id") }
      self = .getIncident(id: id)
    case .acknowledge, .resolve:
      self = .respond(try IncidentResponse(verb, &parameters))
    case .metrics: self = .metrics(try MetricsFormat(&parameters))
    case .readLedger: self = .readLedger(since: try parameters.note("since"))
    default:
      guard let change = try ChangeRequest(verb, &parameters) else {
        throw .methodNotFound(verb.method)
      }
      self = .change(change)
    }
    try parameters.end()
  }
}

/// Takes parameters out one by one; null stands for one that isn't given.
struct RequestParameters {
  private var rest: [JSON.Member]

  init(_ parameters: JSON) {
    rest = parameters.members ?? []
  }

  private mutating func take(_ name: String) -> JSON? {
    guard let index = rest.firstIndex(where: { $0.key == ByteString(name) }) else { return nil }
    let value = rest.remove(at: index).value
    if case .null = value.content { return nil }
    return value
  }

  mutating func text(_ name: String) throws(ControlError) -> ByteString? {
    guard let value = take(name) else { return nil }
    guard let text = value.string else { throw .invalidParameter(name) }
    return text
  }

  /// A number of things: not below zero.
  mutating func count(_ name: String) throws(ControlError) -> Int? {
    guard let value = take(name) else { return nil }
    guard let count = value.integer, count >= 0 else { throw .invalidParameter(name) }
    return count
  }

  /// Texts in an array, at most so many.
  mutating func texts(_ name: String, limit: Int) throws(ControlError) -> [ByteString]? {
    guard let value = take(name) else { return nil }
    guard let elements = value.elements else { throw .invalidParameter(name) }
    guard elements.count <= limit else {
      throw .invalid(Complaint("\(name): more than \(limit)"))
    }
    let texts = elements.compactMap(\.string)
    guard texts.count == elements.count else { throw .invalidParameter(name) }
    return texts
  }

  /// An object's members, to be taken out the same way.
  mutating func object(_ name: String) throws(ControlError) -> RequestParameters? {
    guard let value = take(name) else { return nil }
    guard value.members != nil else { throw .invalidParameter(name) }
    return RequestParameters(value)
  }

  func end() throws(ControlError) {
    if let unknown = rest.first { throw .invalidParameter(unknown.key.text) }
  }
}
