import Glibc
import Linux

/// What the daemon's one thread waits for.
struct EventLoop: ~Copyable {
  enum Source: UInt64 {
    case folders, housekeeper, homeWorkers, control, signals, timer, dryRuns, life
    case ledger, ledgerReaders, approved
  }

  private let epoll: Epoll
  private let timer: Timer
  let signals: SignalSource
  private var armed: MonotonicTime?

  init() throws(SystemError) {
    let signals = try SignalSource([SIGTERM, SIGINT, SIGHUP])
    let epoll = try Epoll()
    let timer = try Timer()
    try epoll.add(signals.descriptor.number, .readable, token: Source.signals.rawValue)
    try epoll.add(timer.descriptor.number, .readable, token: Source.timer.rawValue)
    self.signals = signals
    self.epoll = epoll
    self.timer = timer
  }

  func add(_ descriptor: Int32, _ source: Source) throws(SystemError) {
    try epoll.add(descriptor, .readable, token: source.rawValue)
  }

  /// Stops or goes on waiting for a source that was added.
  func pause(_ descriptor: Int32, _ source: Source, _ pauses: Bool) throws(SystemError) {
    try epoll.modify(descriptor, pauses ? [] : .readable, token: source.rawValue)
  }

  /// Calls `body` for each source that is ready; waits for one, but not past the deadline.
  mutating func wait(
    mayWait: Bool, until deadline: MonotonicTime?, _ body: (Source) -> Void
  ) throws(SystemError) {
    if mayWait, deadline != armed {
      timer.fire(at: deadline)
      armed = deadline
    }
    var fired = false
    try epoll.wait(mayWait: mayWait) { token, _ in
      guard let source = Source(rawValue: token) else { return }
      if source == .timer { fired = true }
      body(source)
    }
    if fired {
      timer.acknowledge()
      armed = nil
    }
  }
}
