/// Counts connections, and refuses the one that is too many.
struct Admission {
  private let limits: ControlLimits
  private var perUID: [UInt32: Int] = [:]
  private var perRole: [Role: Int] = [:]

  init(limits: ControlLimits) {
    self.limits = limits
  }

  /// Whether the peer may stay; if so it counts until `release`.
  mutating func admit(_ actor: ControlActor, _ role: Role) -> Bool {
    let ofUID = perUID[actor.uid, default: 0]
    let ofRole = perRole[role, default: 0]
    // Root's bound is that of its role: many tools run as root.
    guard actor.uid == 0 || ofUID < limits.connectionsPerUID, ofRole < limits.connections(of: role)
    else { return false }
    perUID[actor.uid] = ofUID + 1
    perRole[role] = ofRole + 1
    return true
  }

  mutating func release(_ actor: ControlActor, _ role: Role) {
    perRole[role, default: 1] -= 1
    let left = perUID[actor.uid, default: 1] - 1
    perUID[actor.uid] = left > 0 ? left : nil
  }
}
