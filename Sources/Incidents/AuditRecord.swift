import Linux
import MCPConfig

/// One change of what holds on this host, and who made it.
public struct AuditRecord: Sendable {
  public enum Change: String, CaseIterable, Sendable {
    case approved = "baseline-approved"
    case rolledBack = "baseline-rolled-back"
    case revoked = "server-revoked"
    case reinstated = "server-reinstated"
    case granted = "server-granted"
    case grantEnded = "grant-ended"
    case grantExpired = "grant-expired"
    case requested = "server-requested"
    case requestRejected = "request-rejected"
    case reloaded = "policy-reloaded"
  }

  /// Who made it.
  public struct Actor: Sendable {
    public var uid: UInt32
    public var pid: Int32
    /// The account's name, where there is one.
    public var name: String?
    public var program: PeerProgram

    public init(uid: UInt32, pid: Int32, name: String?, program: PeerProgram) {
      self.uid = uid
      self.pid = pid
      self.name = name
      self.program = program
    }

    /// As the records of the stores name who did it.
    public var text: String { name.map { "\($0) (uid \(uid))" } ?? "uid \(uid)" }
  }

  /// Whose signature made it, where no one at the host did.
  public struct Signer: Sendable {
    /// As the policy names the key.
    public var principal: String
    /// As OpenSSH prints it.
    public var fingerprint: String
    public var serial: Int

    public init(principal: String, fingerprint: String, serial: Int) {
      self.principal = principal
      self.fingerprint = fingerprint
      self.serial = serial
    }
  }

  public var at: WallTime
  public var change: Change
  /// Nil for what the daemon does by itself: a grant that expires, a pin that is adopted.
  public var actor: Actor?
  public var signer: Signer?
  /// The generation that the change brings.
  public var generation: Int

  public var server: ByteString?
  /// Whom a grant or a request is about.
  public var user: String?
  /// Of the baseline, the grant or the request.
  public var number: Int?
  /// A note or a reason.
  public var reason: String?
  public var ticket: String?
  public var until: WallTime?
  /// Of the approved bytes, or of the granted definition.
  public var sha256: SHA256Digest?

  public init(
    _ change: Change, by actor: Actor?, generation: Int, at time: WallTime = .now,
    server: ByteString? = nil, user: String? = nil, number: Int? = nil, reason: String? = nil,
    ticket: String? = nil, until: WallTime? = nil, sha256: SHA256Digest? = nil,
    signer: Signer? = nil
  ) {
    at = time
    self.change = change
    self.actor = actor
    self.generation = generation
    self.server = server
    self.user = user
    self.number = number
    self.reason = reason
    self.ticket = ticket
    self.until = until
    self.sha256 = sha256
    self.signer = signer
  }
}

extension AuditRecord {
  /// One sentence for people; what someone typed is escaped.
  public var message: String {
    let name = server.map { "\"\($0.shown)\"" } ?? "?"
    let whom = user.map { ByteString($0).shown } ?? "?"
    let number = number.map { " \($0)" } ?? ""
    let what =
      switch change {
      case .approved: "The configuration \(sha256?.hexadecimal ?? "?") was approved"
      case .rolledBack:
        "The baseline was rolled back to the configuration \(sha256?.hexadecimal ?? "?")"
      case .revoked: "The server \(name) was revoked"
      case .reinstated: "The server \(name) was reinstated"
      case .granted:
        "The server \(name) was granted to \(whom) until \(until?.rfc3339 ?? "?") (grant\(number))"
      case .grantEnded: "The grant\(number) of the server \(name) to \(whom) was ended"
      case .grantExpired: "The grant\(number) of the server \(name) to \(whom) expired"
      case .requested: "The server \(name) was requested for \(whom) (request\(number))"
      case .requestRejected: "The request\(number) of \(whom) for the server \(name) was rejected"
      case .reloaded: "The policy was reloaded"
      }
    let who = (actor?.text ?? signer?.text).map { " by \(ByteString($0).escaped)" } ?? ""
    let why = reason.map { " Reason: \(ByteString($0).escaped)" } ?? ""
    return "\(what)\(who).\(why)"
  }

  /// A server that was switched off is for someone to look at; the rest is for the record.
  var priority: Int { change == .revoked ? 4 : 5 }

  /// For a ledger; every member is there, null where there is nothing.
  public var json: JSON {
    [
      "at": .text(at.rfc3339), "change": .text(change.rawValue),
      "actor": actor?.json ?? .null, "generation": .int(generation),
      "server": server.map { .bytes($0) } ?? .null, "user": .optional(user),
      "number": number.map { .int($0) } ?? .null, "reason": .optional(reason),
      "ticket": .optional(ticket), "until": .optional(until?.rfc3339),
      "sha256": .optional(sha256?.hexadecimal),
      "signer": .optional(signer?.principal), "signer_key": .optional(signer?.fingerprint),
      "serial": signer.map { .int($0.serial) } ?? .null,
    ]
  }
}

extension AuditRecord.Signer {
  fileprivate var text: String {
    "the signature of \(principal) (\(fingerprint), serial \(serial))"
  }
}

extension AuditRecord.Actor {
  /// The program's path, escaped, or why there is none.
  var programText: (path: String?, unknown: String?) {
    switch program {
    case .path(let bytes): (ByteString(bytes).escaped, nil)
    case .unknown(let reason): (nil, reason)
    }
  }

  var json: JSON {
    [
      "uid": .int(uid), "pid": .int(pid), "name": .optional(name),
      "exe": .optional(programText.path), "exe_unknown": .optional(programText.unknown),
    ]
  }
}

extension JournalRecord {
  public init(_ record: AuditRecord) {
    self.init(
      messageID: MessageID.change(record.change), priority: record.priority,
      message: record.message)
    func add(_ name: String, _ value: String?) {
      if let value { fields.append(("MCPOLICY_\(name)", value)) }
    }
    add("CHANGE", record.change.rawValue)
    add("ACTOR_UID", record.actor.map { String($0.uid) })
    add("ACTOR_PID", record.actor.map { String($0.pid) })
    add("ACTOR_NAME", record.actor?.name.map { ByteString($0).escaped })
    add("ACTOR_EXE", record.actor?.programText.path)
    add("ACTOR_EXE_UNKNOWN", record.actor?.programText.unknown)
    add("SERVER", record.server?.shown)
    add("USER", record.user.map { ByteString($0).shown })
    add("NUMBER", record.number.map { String($0) })
    add("REASON", record.reason.map { ByteString($0).escaped })
    add("TICKET", record.ticket.map { ByteString($0).escaped })
    add("UNTIL", record.until?.rfc3339)
    add("SHA256_EXPECTED", record.sha256?.hexadecimal)
    add("SIGNER", record.signer.map { ByteString($0.principal).escaped })
    add("SIGNER_KEY", record.signer?.fingerprint)
    add("SERIAL", record.signer.map { String($0.serial) })
    add("GENERATION", String(record.generation))
  }
}
