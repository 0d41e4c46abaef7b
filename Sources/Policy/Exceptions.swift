import MCPConfig

/// What holds beside the policy: servers that were revoked, and servers granted for a while.
///
/// A user's effective copy is the approved configuration, less what the whitelist doesn't give that
/// user, less what is revoked, plus what is granted.
public struct Exceptions: Hashable, Sendable {
  /// A tier 2 server that one more user may have, in exactly one definition.
  public struct Grant: Hashable, Sendable {
    public var number: Int
    public var server: ByteString
    /// The definition that was reviewed; another one isn't granted.
    public var sha256: SHA256Digest
    public var user: String
    public var uid: UInt32

    public init(
      number: Int, server: ByteString, sha256: SHA256Digest, user: String, uid: UInt32
    ) {
      self.number = number
      self.server = server
      self.sha256 = sha256
      self.user = user
      self.uid = uid
    }

    public var rule: String { "grant \(number)" }
  }

  public var revoked: Set<ByteString>
  /// SHA-256 of the names of servers whose revocation can't be read: they stay revoked.
  public var revokedDigests: Set<SHA256Digest>
  /// Those in force.
  public var grants: [Grant]

  public init(
    revoked: Set<ByteString> = [], revokedDigests: Set<SHA256Digest> = [], grants: [Grant] = []
  ) {
    self.revoked = revoked
    self.revokedDigests = revokedDigests
    self.grants = grants
  }

  /// What a finding names as the rule for a revoked server.
  public static let revokedRule = "revoked"

  public func isRevoked(_ server: ByteString) -> Bool {
    revoked.contains(server)
      || !revokedDigests.isEmpty && revokedDigests.contains(SHA256Digest(of: server.bytes))
  }

  /// The grant by which that user may have this very definition.
  func grant(of server: ServerEntry, to user: UserIdentity) -> Grant? {
    grants.first { grant in
      grant.server == server.name && grant.names(user) && grant.sha256 == server.sha256
    }
  }
}

extension Exceptions.Grant {
  /// An account that got its name or its uid after the grant was made is another one.
  func names(_ user: UserIdentity) -> Bool {
    uid == user.uid && self.user.utf8.elementsEqual(user.name.utf8)
  }
}
