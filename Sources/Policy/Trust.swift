import MCPConfig
import Signatures

/// Whose signatures approve a configuration, by `approved.trust` and what belongs to it.
public struct Trust: Sendable, Hashable {
  public var signers: [Signer]
  public var revoked: [RevokedKey]
  /// Whether a signature is the only way to approve.
  public var signedOnly: Bool

  public init(signers: [Signer], revoked: [RevokedKey], signedOnly: Bool) {
    self.signers = signers
    self.revoked = revoked
    self.signedOnly = signedOnly
  }

  /// One key, in the words of OpenSSH's `allowed_signers`.
  public struct Signer: Sendable, Hashable {
    public var principal: String
    public var key: SSHPublicKey
    public var validAfter: Timestamp?
    public var validBefore: Timestamp?
    /// `file:line` of the entry.
    public var place: String
  }

  /// A key that approves nothing any more, whatever else names it.
  public struct RevokedKey: Sendable, Hashable {
    public var fingerprint: String
    public var place: String
  }

  /// What a signature is made for: `ssh-keygen -Y sign -n mcpolicyd`.
  public static let namespace: ByteString = "mcpolicyd"
}
