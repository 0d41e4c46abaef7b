import MCPConfig

/// What the judge holds an observation against.
public struct Expectation: Sendable {
  public enum Form: Hashable, Sendable {
    /// Root's (in a throwaway root: the daemon's own), 0444.
    case readOnly(uid: UInt32)
    /// The user's, 0600 as restored. Bits that only let others read are the user's business.
    case userWritable(uid: UInt32)
    /// A symlink of that text.
    case link(to: ByteString)

    public var uid: UInt32? {
      switch self {
      case .readOnly(let uid), .userWritable(let uid): uid
      case .link: nil
      }
    }

    public var permissions: UInt32 {
      switch self {
      case .readOnly: 0o444
      case .userWritable: 0o600
      case .link: 0o777
      }
    }
  }

  public var copy: ApprovedCopy
  public var form: Form
  /// Nil for the central target.
  public var user: UserIdentity?
  public var client: Client
  public var whitelist: Whitelist
  public var tolerate: Set<Policy.Tolerance>

  public init(
    copy: ApprovedCopy, form: Form, user: UserIdentity?, client: Client, whitelist: Whitelist,
    tolerate: Set<Policy.Tolerance>
  ) {
    self.copy = copy
    self.form = form
    self.user = user
    self.client = client
    self.whitelist = whitelist
    self.tolerate = tolerate
  }

  public var isCentral: Bool { user == nil }
}
