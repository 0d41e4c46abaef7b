import Policy

extension Enforcer {
  /// Whose homes are kept, each user once, by name.
  public var users: [UserIdentity] {
    var users: [UInt32: UserIdentity] = [:]
    for target in targets.values {
      if let user = target.spec.user { users[user.uid] = user }
    }
    return users.values.sorted { ($0.name, $0.uid) < ($1.name, $1.uid) }
  }
}
