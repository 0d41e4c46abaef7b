import Linux
import MCPConfig

/// Answers one call, at once or later. Confined to its server's thread.
///
/// All of it does nothing once the call is answered or its peer is gone. A responder that is let go
/// of without an answer fails the call, so that no peer waits for ever.
public final class Responder {
  private weak let connection: ControlConnection?
  private let takesMore: Bool
  private var isAnswered = false

  /// Called once when the peer goes away before the last reply.
  public var onClose: (() -> Void)?

  /// Called when the peer's socket has taken all that was sent: time for more.
  public var onDrained: (() -> Void)?

  init(connection: ControlConnection, takesMore: Bool) {
    self.connection = connection
    self.takesMore = takesMore
  }

  deinit {
    if !isAnswered, let connection {
      connection.finish(.failure(.failed("the call was dropped unanswered")))
    }
  }

  /// Whether an answer still reaches someone.
  public var isOpen: Bool { !isAnswered && connection?.isOpen == true }

  /// What the peer's process runs, as far as the daemon may see it.
  public var peerProgram: PeerProgram {
    connection.map { $0.socket.peerProgram(pid: $0.actor.pid) } ?? .unknown("the caller is gone")
  }

  /// The last or only reply.
  public func reply(_ parameters: JSON) {
    finish(.parameters(parameters, continues: false))
  }

  /// One reply of several; without `more` in the call it can't be sent, and isn't.
  public func continueWith(_ parameters: JSON) {
    guard isOpen, takesMore else { return }
    connection?.stream(.parameters(parameters, continues: true))
  }

  public func fail(_ error: ControlError) {
    finish(.failure(error))
  }

  private func finish(_ reply: VarlinkReply) {
    guard isOpen else { return }
    isAnswered = true
    onClose = nil
    onDrained = nil
    connection?.finish(reply)
  }

  func drained() {
    if !isAnswered { onDrained?() }
  }

  /// The peer is gone.
  func close() {
    guard !isAnswered else { return }
    isAnswered = true
    onDrained = nil
    let onClose = onClose
    self.onClose = nil
    onClose?()
  }
}
