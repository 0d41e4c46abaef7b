import MCPConfig

/// What was approved, ready to be compared with and to be put back.
public struct ApprovedCopy: Sendable {
  public let bytes: [UInt8]
  public let sha256: SHA256Digest
  public let document: ConfigDocument
  public let canonicalSHA256: SHA256Digest

  public init(bytes: [UInt8]) throws(JSONError) {
    self.init(bytes: bytes, document: try ConfigDocument(parsing: bytes))
  }

  private init(bytes: [UInt8], document: ConfigDocument) {
    self.bytes = bytes
    self.document = document
    sha256 = SHA256Digest(of: bytes)
    canonicalSHA256 = document.root.canonicalSHA256
  }

  /// The copy less the servers that the whitelist, with its exceptions, doesn't give to that user. One
  /// that loses nothing stays the very bytes that were approved.
  public func effective(for user: UserIdentity?, under whitelist: Whitelist) -> ApprovedCopy {
    filtered { whitelist.decide($0, for: user).isAllowed }
  }

  /// The copy less what is revoked: what the central target holds, which is no user's.
  public func unrevoked(under whitelist: Whitelist) -> ApprovedCopy {
    filtered { !whitelist.exceptions.isRevoked($0.name) }
  }

  private func filtered(_ keeps: (ServerEntry) -> Bool) -> ApprovedCopy {
    if document.servers.allSatisfy(keeps) { return self }
    let effective = document.filtered(keeps)
    let pretty = effective.root.prettyForm
    // Line breaks must not make it larger than what is read back.
    let bytes = pretty.count <= JSONLimits().size ? pretty : effective.root.compactForm
    return ApprovedCopy(bytes: bytes, document: effective)
  }
}
