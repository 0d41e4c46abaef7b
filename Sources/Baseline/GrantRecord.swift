import Linux
import MCPConfig

/// A tier 2 server given to one user for a while, after a review.
public struct GrantRecord: NumberedRecord, Equatable {
  public var number: Int
  public var server: ByteString
  /// The definition that was reviewed.
  public var sha256: SHA256Digest
  public var user: String
  public var uid: UInt32
  public var until: WallTime
  public var ticket: String
  public var reason: String
  public var grantedAt: WallTime
  public var grantedBy: String
  /// The request that it answers.
  public var request: Int?
  public var end: End?

  /// Why it is over; once it is, no clock brings it back.
  public struct End: Sendable, Equatable {
    public var at: WallTime
    /// Who, or `expiry`.
    public var by: String
    public var reason: String?

    public init(at time: WallTime, by actor: String, reason: String?) {
      at = time
      by = actor
      self.reason = reason
    }
  }

  public init(
    number: Int, server: ByteString, sha256: SHA256Digest, user: String, uid: UInt32,
    until: WallTime, ticket: String, reason: String, grantedAt: WallTime, grantedBy: String,
    request: Int?
  ) {
    self.number = number
    self.server = server
    self.sha256 = sha256
    self.user = user
    self.uid = uid
    self.until = until
    self.ticket = ticket
    self.reason = reason
    self.grantedAt = grantedAt
    self.grantedBy = grantedBy
    self.request = request
  }

  public func isInForce(at time: WallTime) -> Bool { end == nil && time < until }

  public var json: JSON {
    [
      "number": .int(number), "server": .bytes(server), "sha256": .text(sha256.hexadecimal),
      "user": .text(user), "uid": .int(uid),
      "until": .text(until.rfc3339), "ticket": .text(ticket), "reason": .text(reason),
      "granted_at": .text(grantedAt.rfc3339), "granted_by": .text(grantedBy),
      "request": request.map { .int($0) } ?? .null,
      "ended_at": .optional(end?.at.rfc3339), "ended_by": .optional(end?.by),
      "end_reason": .optional(end?.reason),
    ]
  }

  public init?(json: JSON) {
    guard let number = json["number"]?.integer, let server = json["server"]?.string,
      let sha256 = json["sha256"]?.string.flatMap(SHA256Digest.init(hexadecimal:)),
      let user = json.plain("user"),
      let uid = json["uid"]?.integer.flatMap({ UInt32(exactly: $0) }),
      let until = json.time("until"),
      let ticket = json.plain("ticket"), let reason = json.plain("reason"),
      let grantedAt = json.time("granted_at"), let grantedBy = json.plain("granted_by")
    else { return nil }
    self.init(
      number: number, server: server, sha256: sha256, user: user,
      uid: uid, until: until, ticket: ticket,
      reason: reason, grantedAt: grantedAt, grantedBy: grantedBy,
      request: json["request"]?.integer)
    guard let endedBy = json.plain("ended_by") else { return }
    guard let endedAt = json.time("ended_at") else { return nil }
    end = End(at: endedAt, by: endedBy, reason: json.plain("end_reason"))
  }
}
