import Linux
import MCPConfig

/// A server that was switched off on this host.
public struct RevocationRecord: Sendable, Equatable {
  /// SHA-256 of the name, by which its file is named: so a file whose content is damaged still says
  /// which server is off.
  public var nameSHA256: SHA256Digest
  /// Nil for a record that can't be read.
  public var details: Details?

  public struct Details: Sendable, Equatable {
    public var server: ByteString
    public var reason: String?
    public var revokedAt: WallTime
    public var revokedBy: String
  }

  public init(server: ByteString, reason: String?, at time: WallTime, by actor: String) {
    nameSHA256 = Self.digest(of: server)
    details = Details(server: server, reason: reason, revokedAt: time, revokedBy: actor)
  }

  /// - Parameter bytes: the file's content; what isn't a record of that very server leaves a
  ///   revocation without details.
  init(nameSHA256: SHA256Digest, bytes: [UInt8]) {
    self.nameSHA256 = nameSHA256
    guard let json = try? JSON(parsing: bytes), json["version"]?.integer == 1,
      let server = json["server"]?.string, Self.digest(of: server) == nameSHA256,
      let time = json.time("revoked_at"), let actor = json.plain("revoked_by")
    else { return }
    details = Details(
      server: server, reason: json.plain("reason"), revokedAt: time, revokedBy: actor)
  }

  public static func digest(of server: ByteString) -> SHA256Digest {
    SHA256Digest(of: server.bytes)
  }

  /// As the control socket and `--json` show it, and as it is stored.
  public var json: JSON {
    [
      "server": details.map { .bytes($0.server) } ?? .null,
      "name_sha256": .text(nameSHA256.hexadecimal),
      "reason": .optional(details?.reason),
      "revoked_at": .optional(details?.revokedAt.rfc3339),
      "revoked_by": .optional(details?.revokedBy),
    ]
  }

  var stored: JSON { json.versioned }
}

extension JSON {
  func plain(_ key: ByteString) -> String? { self[key]?.string?.text }

  func time(_ key: ByteString) -> WallTime? { plain(key).flatMap(WallTime.init(rfc3339:)) }

  /// With the number of the stored form in front.
  var versioned: JSON {
    JSON(.object([Member(key: "version", value: 1)] + (members ?? [])))
  }
}
