import MCPConfig

/// A change of what holds on the host, or a look at one, with its parameters checked.
public enum ChangeRequest: Hashable, Sendable {
  /// What an approval of these bytes would do, without doing it.
  case reviewApproval(content: ByteString, file: ByteString?)
  /// The newest approvals.
  case listBaselines(limit: Int?)
  /// Nil for the one in force.
  case showBaseline(number: Int?)
  case rollback(number: Int, note: ByteString?)
  case revoke(server: ByteString, reason: ByteString?)
  case reinstate(server: ByteString, reason: ByteString?)
  case listRevocations
  case grant(Grant)
  case endGrant(number: Int, reason: ByteString?)
  case listGrants
  case requestServer(server: ByteString, reason: ByteString)
  case listRequests
  case rejectRequest(number: Int, reason: ByteString)

  /// Either names server and user, or the request that does.
  public struct Grant: Hashable, Sendable {
    public var server: ByteString?
    public var user: ByteString?
    public var request: Int?
    /// RFC 3339.
    public var until: ByteString
    public var ticket: ByteString
    public var reason: ByteString
  }

  public var verb: Verb {
    switch self {
    case .reviewApproval: .reviewApproval
    case .listBaselines: .listBaselines
    case .showBaseline: .showBaseline
    case .rollback: .rollback
    case .revoke: .revoke
    case .reinstate: .reinstate
    case .listRevocations: .listRevocations
    case .grant: .grant
    case .endGrant: .endGrant
    case .listGrants: .listGrants
    case .requestServer: .requestServer
    case .listRequests: .listRequests
    case .rejectRequest: .rejectRequest
    }
  }

  /// Nil for a verb that is no change.
  init?(_ verb: Verb, _ parameters: inout RequestParameters) throws(ControlError) {
    switch verb {
    case .reviewApproval:
      self = .reviewApproval(
        content: try parameters.required("content"), file: try parameters.text("file"))
    case .listBaselines: self = .listBaselines(limit: try parameters.count("limit"))
    case .showBaseline: self = .showBaseline(number: try parameters.count("number"))
    case .rollback:
      self = .rollback(
        number: try parameters.requiredCount("number"), note: try parameters.note("note"))
    case .revoke:
      self = .revoke(
        server: try parameters.name("server"), reason: try parameters.note("reason"))
    case .reinstate:
      self = .reinstate(
        server: try parameters.name("server"), reason: try parameters.note("reason"))
    case .listRevocations: self = .listRevocations
    case .grant: self = .grant(try Grant(&parameters))
    case .endGrant:
      self = .endGrant(
        number: try parameters.requiredCount("number"), reason: try parameters.note("reason"))
    case .listGrants: self = .listGrants
    case .requestServer:
      self = .requestServer(
        server: try parameters.name("server"), reason: try parameters.requiredNote("reason"))
    case .listRequests: self = .listRequests
    case .rejectRequest:
      self = .rejectRequest(
        number: try parameters.requiredCount("number"),
        reason: try parameters.requiredNote("reason"))
    default: return nil
    }
  }
}

extension ChangeRequest.Grant {
  init(_ parameters: inout RequestParameters) throws(ControlError) {
    request = try parameters.count("request")
    server = try parameters.text("server")
    user = try parameters.text("user")
    until = try parameters.requiredNote("until")
    ticket = try parameters.requiredNote("ticket")
    reason = try parameters.requiredNote("reason")
    guard (request == nil) == (server != nil), (request == nil) == (user != nil) else {
      throw .invalid(Complaint("a grant names a server and a user, or the request that does"))
    }
  }
}

/// What people type is bounded: it is stored, and told in the journal.
enum TextLimits {
  static let name = 256
  static let note = 500
}

extension RequestParameters {
  mutating func required(_ name: String) throws(ControlError) -> ByteString {
    guard let text = try text(name) else { throw .invalidParameter(name) }
    return text
  }

  mutating func requiredCount(_ name: String) throws(ControlError) -> Int {
    guard let count = try count(name) else { throw .invalidParameter(name) }
    return count
  }

  /// A server's name.
  mutating func name(_ name: String) throws(ControlError) -> ByteString {
    try Self.bounded(try required(name), name, TextLimits.name, mayBeEmpty: false)
  }

  mutating func note(_ name: String) throws(ControlError) -> ByteString? {
    guard let text = try text(name) else { return nil }
    return try Self.bounded(text, name, TextLimits.note, mayBeEmpty: true)
  }

  mutating func requiredNote(_ name: String) throws(ControlError) -> ByteString {
    try Self.bounded(try required(name), name, TextLimits.note, mayBeEmpty: false)
  }

  private static func bounded(
    _ text: ByteString, _ name: String, _ limit: Int, mayBeEmpty: Bool
  ) throws(ControlError) -> ByteString {
    guard text.bytes.count <= limit else {
      throw .invalid(Complaint("\(name): more than \(limit) bytes"))
    }
    guard mayBeEmpty || text.bytes.contains(where: { $0 > 0x20 }) else {
      throw .invalid(Complaint("\(name): is empty"))
    }
    return text
  }
}
