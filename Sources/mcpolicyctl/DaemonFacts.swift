import Control
import Linux
import MCPConfig
import Policy

/// What the running daemon knows of this host beside the policy: what is revoked and granted, and
/// whose targets the files are. Empty where no daemon answers, or tells the caller.
struct DaemonFacts {
  private(set) var exceptions = Exceptions()
  private var targets: [JSON] = []
  private var options: CommonOptions?

  /// Seconds; the answer is worth no long wait.
  private static let patience = 2.0

  static let none = DaemonFacts()

  private init() {}

  init(_ options: CommonOptions) {
    self.options = options
    guard let status = try? options.ask(.status, patience: Self.patience) else { return }
    exceptions.revoked = Set((status["revoked"]?.elements ?? []).compactMap(\.string))
    let grants = try? options.ask(.listGrants, patience: Self.patience).list("grants")
    exceptions.grants = (grants ?? []).compactMap(Exceptions.Grant.init)
    targets = (try? options.ask(.listTargets, patience: Self.patience).list("targets")) ?? []
  }

  /// The user of the target that this file is, if they have an account.
  func owner(of file: String) -> String? {
    let target = targets.first { $0["path"]?.string == ByteString(file) }
    guard let options, let user = target?.shown("user") else { return nil }
    return HostAccounts.named(user, options) == nil ? nil : user
  }
}

extension Exceptions.Grant {
  /// Nil for one that is over.
  fileprivate init?(_ json: JSON) {
    guard json.shown("ended_at") == nil, let number = json["number"]?.integer,
      let server = json["server"]?.string,
      let sha256 = json["sha256"]?.string.flatMap(SHA256Digest.init(hexadecimal:)),
      let user = json["user"]?.string?.text,
      let uid = json["uid"]?.integer.flatMap({ UInt32(exactly: $0) })
    else { return nil }
    self.init(number: number, server: server, sha256: sha256, user: user, uid: uid)
  }
}
