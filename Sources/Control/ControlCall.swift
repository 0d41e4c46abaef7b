/// A call that the peer's role allows, with its parameters checked.
///
/// Confined to the thread of its `ControlServer`, as its responder is.
public struct ControlCall {
  public let request: Request
  public let actor: ControlActor
  public let role: Role
  public let responder: Responder

  /// Whether the peer may read what belongs to that uid.
  public func mayRead(uid: UInt32) -> Bool { role >= .audit || actor.uid == uid }
}

/// Does what calls ask for.
public protocol ControlService: AnyObject {
  /// Called on the server's thread, which it must not block: a long answer is given later, by the
  /// call's responder.
  func handle(_ call: ControlCall)
}
