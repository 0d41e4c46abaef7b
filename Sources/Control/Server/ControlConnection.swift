import Linux
import MCPConfig

/// One peer: its bytes in and out, and the one call it waits for.
///
/// All that reads, sends or closes happens in `attend`, which the server calls; a responder only
/// queues, so that a service may answer from anywhere in its code without being called back there.
final class ControlConnection {
  let id: UInt64
  let actor: ControlActor
  let role: Role
  let socket: Descriptor
  /// What the server's epoll waits for now.
  var registered: Epoll.Interest = .readable

  private let limits: ControlLimits
  private let wantsAttention: (UInt64) -> Void
  private var reader: MessageReader
  private var output = OutputQueue()
  private var phase = Phase.idle
  private weak var responder: Responder?
  /// The reader may hold a whole message, so nothing more is to be read.
  private var mayHoldMessage = false
  private var inputEnded = false
  /// Why it was dropped, if it was.
  private(set) var leftTooMuchUnread = false
  /// Until when its user's calls wait, because they asked too much.
  var restsUntil: MonotonicTime?
  /// Nil right after progress, until the next `attend` tells the time.
  private var quietSince: MonotonicTime?

  private enum Phase {
    /// Waits for a call.
    case idle
    case handling(oneway: Bool)
    /// Closes when the last reply is sent.
    case ending
    case gone
  }

  init(
    id: UInt64, socket: consuming Descriptor, actor: ControlActor, role: Role,
    limits: ControlLimits, now: MonotonicTime, wantsAttention: @escaping (UInt64) -> Void
  ) {
    self.id = id
    self.socket = socket
    self.actor = actor
    self.role = role
    self.limits = limits
    self.wantsAttention = wantsAttention
    quietSince = now
    reader = MessageReader(limit: limits.callSize(of: role))
  }
}

// MARK: What the server asks

extension ControlConnection {
  var isOpen: Bool {
    if case .gone = phase { false } else { true }
  }

  private var isIdle: Bool {
    if case .idle = phase { true } else { false }
  }

  private var isHandling: Bool {
    if case .handling = phase { true } else { false }
  }

  var interest: Epoll.Interest {
    var interest: Epoll.Interest = []
    if wantsInput { interest.insert(.readable) }
    if !output.isEmpty { interest.insert(.writable) }
    return interest
  }

  private var wantsInput: Bool {
    guard !inputEnded, isIdle || isHandling else { return false }
    // A call that waits for its turn is read, but not without bound.
    return isIdle && output.isEmpty && !mayHoldMessage || reader.pending < limits.readSize
  }

  /// Whether there is work left that no event will announce.
  var isRunnable: Bool { restsUntil == nil && hasMessages }

  private var hasMessages: Bool { isIdle && output.isEmpty && (mayHoldMessage || inputEnded) }

  /// When a call that waits for its user's rest to end may go on.
  var resumesAt: MonotonicTime? { hasMessages ? restsUntil : nil }

  /// When it has been quiet for too long; a peer whose call is being handled may be.
  var deadline: MonotonicTime? {
    guard !(isHandling && output.isEmpty) else { return nil }
    return quietSince?.advanced(bySeconds: limits.idleSeconds)
  }

  /// One round: sends, reads once, and hands over calls.
  func attend(
    _ ready: Epoll.Interest, now: MonotonicTime, handle: ([UInt8], ControlConnection) -> Void
  ) {
    flush()
    if !ready.isDisjoint(with: [.readable, .gone]), wantsInput { receive() }
    // The peer closed both ways, so no reply reaches it. An idle one is read to its end first.
    if !ready.isDisjoint(with: .gone), isHandling { phase = .gone }
    handOver(handle)
    flush()
    if isHandling, output.isEmpty { responder?.drained() }
    if case .ending = phase, output.isEmpty { phase = .gone }
    if let deadline, deadline <= now { phase = .gone }
    if quietSince == nil { quietSince = now }
  }

  /// Tells the call's service that its peer is gone.
  func close() {
    phase = .gone
    responder?.close()
  }
}

// MARK: Bytes

extension ControlConnection {
  private func receive() {
    do throws(SystemError) {
      guard let bytes = try socket.readSome(upTo: limits.readSize) else { return }
      if bytes.isEmpty {
        inputEnded = true
      } else {
        reader.append(bytes)
        mayHoldMessage = true
      }
    } catch {
      phase = .gone
    }
  }

  private func handOver(_ handle: ([UInt8], ControlConnection) -> Void) {
    var handled = 0
    while isIdle, output.isEmpty, mayHoldMessage, handled < limits.callsPerRound, restsUntil == nil
    {
      do throws(MessageTooLarge) {
        guard let message = try reader.next() else {
          mayHoldMessage = false
          break
        }
        phase = .handling(oneway: false)
        quietSince = nil
        handle(message, self)
        handled += 1
        flush()
      } catch {
        phase = .handling(oneway: false)
        end(.invalid(Complaint("a call of more than \(error.limit) bytes")))
      }
    }
    if isIdle, inputEnded, !mayHoldMessage { phase = .ending }
  }

  private func flush() {
    guard isOpen, !output.isEmpty else { return }
    do throws(SystemError) {
      if try output.flush(to: socket) { quietSince = nil }
    } catch {
      phase = .gone
    }
  }
}

// MARK: Answers

extension ControlConnection {
  /// The call's answers go by this responder.
  func open(_ responder: Responder, oneway: Bool) {
    guard isHandling else { return }
    self.responder = responder
    phase = .handling(oneway: oneway)
  }

  /// Queues the last reply to the call.
  func finish(_ reply: VarlinkReply) {
    guard case .handling(let oneway) = phase else { return }
    if !oneway { output.append(reply.message) }
    phase = .idle
    quietSince = nil
    wantsAttention(id)
  }

  /// Queues one reply of several; a peer that leaves too many unread is dropped.
  func stream(_ reply: VarlinkReply) {
    guard case .handling(oneway: false) = phase else { return }
    output.append(reply.message)
    if output.count > limits.readSize { flush() }
    if output.count > limits.unreadReplies {
      phase = .gone
      leftTooMuchUnread = true
    }
    wantsAttention(id)
  }

  /// Queues an error after which nothing more is taken from the peer.
  func end(_ error: ControlError) {
    finish(.failure(error))
    phase = .ending
  }
}
