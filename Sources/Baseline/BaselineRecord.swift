import Linux
import MCPConfig

/// What the store keeps of one approval beside the approved bytes.
public struct BaselineRecord: Sendable {
  /// Counts approvals on this host from 1; the highest whole one is in force.
  public var number: Int
  public var bytesSHA256: SHA256Digest
  public var canonicalSHA256: SHA256Digest
  /// Each server's digest, by name.
  public var servers: [(name: ByteString, sha256: SHA256Digest)]
  /// RFC 3339, UTC.
  public var approvedAt: String
  /// Who: a user's name and uid, `pin` where the policy's pin decided, or whose signature it was.
  public var approvedBy: String
  public var note: String?
  /// The signature that approved it; nil where a person or a pin did.
  public var signature: Signature?
  /// The newest serial that this host had by then. Each record carries it on, so that the commit of an
  /// approval is that of its serial, and a rollback can't bring it down.
  public var highestSerial: HighestSerial?

  /// Whose signature, as the policy names the signer and OpenSSH the key.
  public struct Signature: Sendable, Hashable {
    public var principal: String
    public var fingerprint: String

    public init(principal: String, fingerprint: String) {
      self.principal = principal
      self.fingerprint = fingerprint
    }

    /// As records of who did it.
    public var text: String { "\(principal), signed with \(fingerprint)" }
  }

  /// As the control socket and `--json` show it.
  public var json: JSON {
    [
      "number": .int(number),
      "bytes_sha256": .text(bytesSHA256.hexadecimal),
      "canonical_sha256": .text(canonicalSHA256.hexadecimal),
      "servers": JSON(
        .object(
          servers.map { JSON.Member(key: $0.name, value: .text($0.sha256.hexadecimal)) })),
      "approved_at": .text(approvedAt),
      "approved_by": .text(approvedBy),
      "note": .optional(note),
      "signer": .optional(signature?.principal),
      "signer_key": .optional(signature?.fingerprint),
      "highest_serial": highestSerial.map { .int($0.serial) } ?? .null,
      "highest_serial_sha256": .optional(highestSerial?.canonicalSHA256.hexadecimal),
    ]
  }

  var stored: JSON { json.versioned }

  init?(json: JSON) {
    guard json["version"]?.integer == 1, let number = json["number"]?.integer,
      let bytes = json["bytes_sha256"]?.string.flatMap(SHA256Digest.init(hexadecimal:)),
      let canonical = json["canonical_sha256"]?.string.flatMap(SHA256Digest.init(hexadecimal:)),
      let servers = json["servers"]?.members,
      let approvedAt = json["approved_at"]?.string?.text,
      let approvedBy = json["approved_by"]?.string?.text
    else { return nil }
    self.number = number
    bytesSHA256 = bytes
    canonicalSHA256 = canonical
    self.servers = servers.compactMap { member in
      member.value.string.flatMap(SHA256Digest.init(hexadecimal:)).map { (member.key, $0) }
    }
    self.approvedAt = approvedAt
    self.approvedBy = approvedBy
    note = json["note"]?.string?.text
    if let principal = json["signer"]?.string?.text, let key = json["signer_key"]?.string?.text {
      signature = Signature(principal: principal, fingerprint: key)
    }
    let figures = ["highest_serial", "highest_serial_sha256"].compactMap { json[$0] }
    if figures.contains(where: { $0.typeName != "null" }) {
      guard let serial = json["highest_serial"]?.integer,
        let digest = json["highest_serial_sha256"]?.string
          .flatMap(SHA256Digest.init(hexadecimal:))
      else { return nil }
      highestSerial = HighestSerial(serial, digest)
    }
  }

  init(
    number: Int, bytes: [UInt8], document: ConfigDocument, approvedAt: WallTime,
    approvedBy: String, note: String?, signature: Signature?, highestBefore: HighestSerial?
  ) {
    self.number = number
    bytesSHA256 = SHA256Digest(of: bytes)
    canonicalSHA256 = document.root.canonicalSHA256
    servers = document.servers.map { ($0.name, $0.sha256) }
    self.approvedAt = approvedAt.rfc3339
    self.approvedBy = approvedBy
    self.note = note
    self.signature = signature
    highestSerial = .after(highestBefore, document)
  }
}
