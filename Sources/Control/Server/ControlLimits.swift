/// How much the control socket gives to its peers.
public struct ControlLimits: Sendable {
  /// Connections of one uid that isn't root's.
  public var connectionsPerUID = 16
  /// Connections of all peers of one role: each role has its own share, so that no flood from below
  /// shuts out those who read or change.
  public var connectionsPerRole = 64
  public var connectionsOfOwn = 256
  /// Bytes of one call. An approved configuration of 1 MiB takes up to three times that as a string
  /// with escapes.
  public var callSize = 64 << 10
  public var callSizeForAdmin = 4 << 20
  /// Bytes of replies a peer may leave unread before it is dropped.
  public var unreadReplies = 1 << 20
  /// Seconds without a whole call, or without reading one byte of a waiting reply.
  public var idleSeconds = 30.0
  /// How long the listener rests, in seconds, when the process has no descriptor left.
  public var acceptPauseSeconds = 1.0
  /// What one round does at most: accepts, and for one connection calls and bytes read.
  public var acceptsPerRound = 32
  public var callsPerRound = 1
  public var readSize = 64 << 10

  public init() {}

  func connections(of role: Role) -> Int { role == .own ? connectionsOfOwn : connectionsPerRole }

  func callSize(of role: Role) -> Int { role == .admin ? callSizeForAdmin : callSize }
}
