import MCPConfig

/// Why a server can't be granted to a user.
public enum GrantRefusal: Error, Hashable, Sendable {
  /// The approved configuration doesn't hold it.
  case notApproved
  /// The whitelist doesn't name it.
  case notListed
  case prohibited(rule: String)
  case revoked
  /// The whitelist or a grant gives it to the user already.
  case alreadyAllowed(rule: String)
  /// The whitelist pins another definition than the approved one.
  case otherDefinition(rule: String)

  /// A sentence for whoever asked.
  public func message(_ server: ByteString, _ user: String) -> String {
    let name = server.shown
    let user = ByteString(user).shown
    return switch self {
    case .notApproved:
      "the approved configuration doesn't hold the server \"\(name)\": it must be approved first"
    case .notListed:
      "the whitelist doesn't name the server \"\(name)\" (rule: default): only tier 2 can be granted"
    case .prohibited(let rule):
      "the server \"\(name)\" is prohibited for everyone (rule: \(rule))"
    case .revoked: "the server \"\(name)\" is revoked on this host"
    case .alreadyAllowed(let rule):
      "\(user) may have the server \"\(name)\" already (rule: \(rule))"
    case .otherDefinition(let rule):
      "the whitelist pins another definition of the server \"\(name)\" (rule: \(rule))"
    }
  }
}

extension Whitelist {
  /// The approved definition that a grant would give; of a name in both sections, the first that
  /// the user doesn't have.
  public func grantable(
    _ server: ByteString, in approved: ConfigDocument, to user: UserIdentity
  ) throws(GrantRefusal) -> ServerEntry {
    let entries = approved.servers.filter { $0.name == server }
    var refusal = GrantRefusal.notApproved
    for entry in entries {
      switch decide(entry, for: user) {
      case .notForUser(let rule):
        if isPinnedOtherwise(entry) {
          refusal = .otherDefinition(rule: rule)
        } else {
          return entry
        }
      case .allowed(let rule): refusal = .alreadyAllowed(rule: rule)
      case .otherDefinition(let rule): refusal = .otherDefinition(rule: rule)
      case .prohibited(let rule): throw .prohibited(rule: rule)
      case .revoked: throw .revoked
      case .unknown: throw .notListed
      }
    }
    if entries.isEmpty {
      // What stands nowhere is told by its worst: a name that nobody may have isn't to be asked for.
      switch decide(server, for: user) {
      case .prohibited(let rule): throw .prohibited(rule: rule)
      case .revoked: throw .revoked
      default: break
      }
    }
    throw refusal
  }
}
