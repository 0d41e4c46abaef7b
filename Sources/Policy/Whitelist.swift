import MCPConfig

/// Who may have which server. What no rule names is denied.
public struct Whitelist: Sendable {
  public struct Rule: Sendable {
    public enum Tier: Int, Sendable {
      /// Everyone may have it.
      case everyone = 1
      /// Named users and groups may have it.
      case named = 2
      /// Nobody may have it.
      case nobody = 3
    }

    /// The server's exact name; in tier 3, `*` stands for any bytes.
    public var server: ByteString
    public var tier: Tier
    public var users: [String]
    public var groups: [String]
    /// The one definition that may have the name; nil leaves that to the approved configuration.
    public var pin: SHA256Digest?
    /// `file:line` of the entry.
    public var place: String
  }

  public enum Decision: Hashable, Sendable {
    case allowed(rule: String)
    case prohibited(rule: String)
    case notForUser(rule: String)
    /// Switched off on this host, whatever the whitelist says.
    case revoked
    /// The name may be had, but with another definition.
    case otherDefinition(rule: String)
    case unknown

    public var isAllowed: Bool {
      if case .allowed = self { true } else { false }
    }

    public var rule: String {
      switch self {
      case .allowed(let rule), .prohibited(let rule), .notForUser(let rule),
        .otherDefinition(let rule):
        rule
      case .revoked: Exceptions.revokedRule
      case .unknown: "default"
      }
    }
  }

  public let rules: [Rule]
  /// What holds on this host beside the rules.
  public var exceptions = Exceptions()
  private let exact: [ByteString: Int]
  private let patterns: [Int]

  public init(rules: [Rule]) {
    self.rules = rules
    patterns = rules.indices.filter { rules[$0].isPattern }
    exact = Dictionary(
      rules.indices.lazy.filter { !rules[$0].isPattern }.map { (rules[$0].server, $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// - Parameter user: nil asks for the approved configuration itself, which belongs to no user:
  ///   there a server needs only someone who may have it.
  public func decide(_ server: ByteString, for user: UserIdentity?) -> Decision {
    if exceptions.isRevoked(server) { return .revoked }
    if let pattern = patterns.first(where: { rules[$0].matches(server) }) {
      return .prohibited(rule: rules[pattern].place)
    }
    guard let index = exact[server] else { return .unknown }
    let rule = rules[index]
    switch rule.tier {
    case .everyone: return .allowed(rule: rule.place)
    case .nobody: return .prohibited(rule: rule.place)
    case .named:
      guard let user else { return .allowed(rule: rule.place) }
      return rule.names(user) ? .allowed(rule: rule.place) : .notForUser(rule: rule.place)
    }
  }

  /// The same for a server with its definition, which a rule may pin and a grant is bound to.
  public func decide(_ server: ServerEntry, for user: UserIdentity?) -> Decision {
    var decision = decide(server.name, for: user)
    // Only what is for named users can be granted: never what nobody may have or no rule names.
    if case .notForUser = decision, let user,
      let grant = exceptions.grant(of: server, to: user)
    {
      decision = .allowed(rule: grant.rule)
    }
    guard decision.isAllowed, isPinnedOtherwise(server), let index = exact[server.name] else {
      return decision
    }
    return .otherDefinition(rule: rules[index].place)
  }

  func isPinnedOtherwise(_ server: ServerEntry) -> Bool {
    guard let index = exact[server.name], let pin = rules[index].pin else { return false }
    return pin != server.sha256
  }
}

extension Whitelist.Rule {
  var isPattern: Bool { tier == .nobody && server.bytes.contains(UInt8(ascii: "*")) }

  func names(_ user: UserIdentity) -> Bool {
    // By bytes: to the host, names that Unicode calls equivalent are two accounts.
    users.contains { $0.utf8.elementsEqual(user.name.utf8) }
      || groups.contains { group in
        user.groups.contains { $0.utf8.elementsEqual(group.utf8) }
      }
  }

  func matches(_ name: ByteString) -> Bool {
    Glob(pattern: server.bytes).matches(name.bytes)
  }
}
