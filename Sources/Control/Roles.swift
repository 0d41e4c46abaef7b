import Linux

/// What a peer may do; each role may do all that the ones before it may.
public enum Role: String, CaseIterable, Comparable, Sendable {
  /// Sees the daemon's status, and what is its own uid's; may ask for a server.
  case own
  /// Reads everything.
  case audit
  /// Changes things.
  case admin

  public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .own: 0
    case .audit: 1
    case .admin: 2
    }
  }

  /// Who has it, in words for the peer that doesn't.
  public var holders: String {
    switch self {
    case .own: "anyone"
    case .audit: "root, group mcpolicy-admin or group mcpolicy-audit"
    case .admin: "root or group mcpolicy-admin"
    }
  }
}

/// Who calls: the peer of a connection, as the kernel attested it at its `connect`.
public struct ControlActor: Hashable, Sendable {
  public var pid: Int32
  public var uid: UInt32
  public var gid: UInt32
  /// The supplementary groups.
  public var groups: Set<UInt32>

  public init(pid: Int32, uid: UInt32, gid: UInt32, groups: Set<UInt32>) {
    self.pid = pid
    self.uid = uid
    self.gid = gid
    self.groups = groups
  }

  /// The peer of a connected socket.
  init(of socket: borrowing Descriptor) throws(SystemError) {
    let peer = try socket.peerCredentials()
    self.init(
      pid: peer.pid, uid: peer.uid, gid: peer.gid, groups: Set(try socket.peerGroups()))
  }

  func isMember(of group: UInt32?) -> Bool {
    guard let group else { return false }
    return gid == group || groups.contains(group)
  }
}

/// Which actor has which role.
public struct Roles: Sendable {
  /// The uid the daemon runs as: with `--root` that is the user who started it.
  public var daemonUID: UInt32
  /// Nil where the group doesn't exist: then nobody has the role by group.
  public var auditGID: UInt32?
  public var adminGID: UInt32?

  public init(daemonUID: UInt32, auditGID: UInt32?, adminGID: UInt32?) {
    self.daemonUID = daemonUID
    self.auditGID = auditGID
    self.adminGID = adminGID
  }

  /// The actor's highest role.
  public func role(of actor: ControlActor) -> Role {
    if actor.uid == 0 || actor.uid == daemonUID || actor.isMember(of: adminGID) { return .admin }
    return actor.isMember(of: auditGID) ? .audit : .own
  }
}
