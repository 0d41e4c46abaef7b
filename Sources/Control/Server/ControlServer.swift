import Glibc
import Linux
import MCPConfig

/// The control socket's listening end. Confined to one thread, the daemon's loop.
///
/// The loop waits for `readiness` beside its own descriptors and for `nextDeadline` by its own
/// timer, and calls `processReady` for either; nothing here waits.
public final class ControlServer {
  private let listener: Descriptor
  private let epoll: Epoll
  private let attention: EventCounter
  private let limits: ControlLimits
  private let roles: Roles
  private let router: Router
  private let identify: (borrowing Descriptor) throws(SystemError) -> ControlActor
  private weak let service: (any ControlService)?

  private var connections: [UInt64: ControlConnection] = [:]
  private var admission: Admission
  private var budget = CallBudget()
  private var nextID = Token.firstConnection
  private var wanting: Set<UInt64> = []
  /// When a listener that rests is to be waited for again.
  private var resumeAt: MonotonicTime?

  /// When `processReady` is to be called even though nothing is ready. It changes with every
  /// `processReady`, and only there.
  public private(set) var nextDeadline: MonotonicTime?

  /// Peers turned away since the start because there were too many.
  public private(set) var refused = 0
  /// Peers dropped since the start because they left too many replies unread.
  public private(set) var followersDropped = 0

  private enum Token {
    static let listener: UInt64 = 0
    static let attention: UInt64 = 1
    static let firstConnection: UInt64 = 2
  }

  /// Answers on a listening socket that doesn't block. The service isn't kept alive.
  public convenience init(
    listener: consuming Descriptor, roles: Roles, info: ServiceInfo,
    limits: ControlLimits = ControlLimits(),
    service: any ControlService
  ) throws(SystemError) {
    try self.init(
      listener: listener, roles: roles, info: info, limits: limits, service: service,
      identify: ControlActor.init(of:))
  }

  /// Listens at the path, in place of whatever lay there; its folder must be one that only the
  /// daemon's user can change. The service isn't kept alive.
  public convenience init(
    at path: FilePath, roles: Roles, info: ServiceInfo, limits: ControlLimits = ControlLimits(),
    service: any ControlService
  ) throws(SystemError) {
    try self.init(
      at: path, roles: roles, info: info, limits: limits, service: service,
      identify: ControlActor.init(of:))
  }

  convenience init(
    at path: FilePath, roles: Roles, info: ServiceInfo, limits: ControlLimits,
    service: any ControlService,
    identify: @escaping (borrowing Descriptor) throws(SystemError) -> ControlActor
  ) throws(SystemError) {
    try self.init(
      listener: try Descriptor.listen(at: path), roles: roles, info: info, limits: limits,
      service: service, identify: identify)
  }

  init(
    listener: consuming Descriptor, roles: Roles, info: ServiceInfo, limits: ControlLimits,
    service: any ControlService,
    identify: @escaping (borrowing Descriptor) throws(SystemError) -> ControlActor
  ) throws(SystemError) {
    self.listener = listener
    epoll = try Epoll()
    attention = try EventCounter(blocking: false)
    self.limits = limits
    self.roles = roles
    self.service = service
    self.identify = identify
    router = Router(service: VarlinkService(info: info))
    admission = Admission(limits: limits)
    try epoll.add(self.listener.number, .readable, token: Token.listener)
    try epoll.add(attention.descriptor.number, .readable, token: Token.attention)
  }

  /// Peers connected now.
  public var connectionCount: Int { connections.count }

  /// What becomes readable when there is something for `processReady`.
  public var readiness: Int32 { epoll.number }

  /// One bounded round: accepts, reads, hands calls to the service, sends, closes what is overdue.
  public func processReady(now: MonotonicTime) {
    if let time = resumeAt, time <= now { resume() }
    var ready: [UInt64: Epoll.Interest] = [:]
    // The epoll is valid and the events fit, so a wait can't fail but by a signal.
    try? epoll.wait(mayWait: false) { ready[$0] = $1 }
    if ready.removeValue(forKey: Token.listener) != nil { acceptSome(now) }
    if ready.removeValue(forKey: Token.attention) != nil { attention.take() }
    for id in wanting where ready[id] == nil { ready[id] = [] }
    wanting.removeAll(keepingCapacity: true)
    for connection in connections.values where connection.isDue(at: now) {
      if ready[connection.id] == nil { ready[connection.id] = [] }
    }
    for (id, interest) in ready {
      guard let connection = connections[id] else { continue }
      connection.restsUntil = budget.rest(of: connection.actor.uid, at: now)
      connection.attend(interest, now: now, handle: handle)
      connection.restsUntil = budget.rest(of: connection.actor.uid, at: now)
      settle(connection)
    }
    nextDeadline = connections.values.reduce(resumeAt) { earliest, connection in
      [earliest, connection.deadline, connection.resumesAt].compactMap { $0 }.min()
    }
  }
}

// MARK: Accepting

extension ControlServer {
  private func acceptSome(_ now: MonotonicTime) {
    for _ in 0..<limits.acceptsPerRound {
      do throws(SystemError) {
        guard let socket = try listener.accept() else { return }
        admit(socket, now)
      } catch {
        // Without a free descriptor the listener would stay ready, and the loop would spin.
        epoll.remove(listener.number)
        resumeAt = now.advanced(bySeconds: limits.acceptPauseSeconds)
        return
      }
    }
  }

  private func resume() {
    resumeAt = nil
    try? epoll.add(listener.number, .readable, token: Token.listener)
  }

  private func admit(_ socket: consuming Descriptor, _ now: MonotonicTime) {
    guard let actor = try? identify(socket) else { return }
    let role = roles.role(of: actor)
    guard admission.admit(actor, role) else {
      refused += 1
      return
    }
    let id = nextID
    nextID += 1
    guard (try? epoll.add(socket.number, .readable, token: id)) != nil else {
      admission.release(actor, role)
      return
    }
    connections[id] = ControlConnection(
      id: id, socket: socket, actor: actor, role: role, limits: limits, now: now,
      wantsAttention: { [weak self] in self?.attend(to: $0) })
  }
}

// MARK: Handling

extension ControlServer {
  private func handle(_ message: [UInt8], of connection: ControlConnection) {
    let started = MonotonicTime.now
    answer(message, of: connection)
    let now = MonotonicTime.now
    budget.spend(
      Double(now.nanoseconds - started.nanoseconds) / 1000, by: connection.actor.uid, at: now)
  }

  private func answer(_ message: [UInt8], of connection: ControlConnection) {
    let call: VarlinkCall
    do throws(ControlError) {
      call = try VarlinkCall(parsing: message)
    } catch .invalidParameter(let name) {
      return connection.finish(.failure(.invalidParameter(name)))
    } catch {
      return connection.end(error)
    }
    let responder = Responder(connection: connection, takesMore: call.more && !call.oneway)
    connection.open(responder, oneway: call.oneway)
    do throws(ControlError) {
      switch try router.route(call, role: connection.role) {
      case .answer(let parameters): responder.reply(parameters)
      case .request(let request):
        service?.handle(
          ControlCall(
            request: request, actor: connection.actor, role: connection.role,
            responder: responder))
      }
    } catch {
      responder.fail(error)
    }
  }

  private func attend(to id: UInt64) {
    if wanting.insert(id).inserted { attention.raise() }
  }

  /// After a round of the connection: closes it, or waits for what it waits for.
  private func settle(_ connection: ControlConnection) {
    let interest = connection.interest
    if connection.isOpen, interest != connection.registered {
      connection.registered = interest
      let number = connection.socket.number
      if (try? epoll.modify(number, interest, token: connection.id)) == nil { connection.close() }
    }
    guard connection.isOpen else {
      epoll.remove(connection.socket.number)
      connections[connection.id] = nil
      if connection.leftTooMuchUnread { followersDropped += 1 }
      admission.release(connection.actor, connection.role)
      connection.close()
      return
    }
    if connection.isRunnable { attend(to: connection.id) }
  }
}

extension ControlConnection {
  fileprivate func isDue(at now: MonotonicTime) -> Bool {
    [deadline, resumesAt].contains { $0.map { $0 <= now } == true }
  }
}
