import Linux
import MCPConfig

/// A user's wish to have a server. It gives nothing; a grant may answer it.
public struct RequestRecord: NumberedRecord, Equatable {
  public var number: Int
  public var server: ByteString
  public var user: String
  public var uid: UInt32
  public var reason: String
  public var requestedAt: WallTime
  public var answer: Answer?

  public struct Answer: Sendable, Equatable {
    public var at: WallTime
    public var by: String
    /// The grant that was given; nil for a request that was rejected.
    public var grant: Int?
    public var reason: String?

    public init(at time: WallTime, by actor: String, grant: Int?, reason: String?) {
      at = time
      by = actor
      self.grant = grant
      self.reason = reason
    }
  }

  public init(
    number: Int, server: ByteString, user: String, uid: UInt32, reason: String,
    requestedAt: WallTime
  ) {
    self.number = number
    self.server = server
    self.user = user
    self.uid = uid
    self.reason = reason
    self.requestedAt = requestedAt
  }

  public var isOpen: Bool { answer == nil }

  public var state: String {
    guard let answer else { return "open" }
    return answer.grant == nil ? "rejected" : "granted"
  }

  public var json: JSON {
    [
      "number": .int(number), "server": .bytes(server), "user": .text(user), "uid": .int(uid),
      "reason": .text(reason), "requested_at": .text(requestedAt.rfc3339),
      "state": .text(state), "answered_at": .optional(answer?.at.rfc3339),
      "answered_by": .optional(answer?.by), "grant": answer?.grant.map { .int($0) } ?? .null,
      "answer": .optional(answer?.reason),
    ]
  }

  public init?(json: JSON) {
    guard let number = json["number"]?.integer, let server = json["server"]?.string,
      let user = json.plain("user"),
      let uid = json["uid"]?.integer.flatMap({ UInt32(exactly: $0) }),
      let reason = json.plain("reason"), let requestedAt = json.time("requested_at")
    else { return nil }
    self.init(
      number: number, server: server, user: user, uid: uid, reason: reason,
      requestedAt: requestedAt)
    guard let answeredBy = json.plain("answered_by") else { return }
    guard let answeredAt = json.time("answered_at") else { return nil }
    answer = Answer(
      at: answeredAt, by: answeredBy, grant: json["grant"]?.integer, reason: json.plain("answer"))
  }
}
