import CLinux
import Glibc

/// A counter one thread raises and another waits for.
public struct EventCounter: ~Copyable, Sendable {
  public let descriptor: Descriptor

  /// - Parameter blocking: whether `take` waits for a raise; else it returns at once.
  public init(blocking: Bool) throws(SystemError) {
    let flags = Int32(EFD_CLOEXEC) | (blocking ? Int32(EFD_SEMAPHORE) : Int32(EFD_NONBLOCK))
    descriptor = Descriptor(owning: try checkedByErrno(eventfd(0, flags), "eventfd"))
  }

  public func raise() {
    eventfd_write(descriptor.number, 1)
  }

  /// Takes one raise if blocking, all of them if not.
  public func take() {
    var count: eventfd_t = 0
    while eventfd_read(descriptor.number, &count) < 0, errno == EINTR {}
  }
}

/// A timer on the monotonic clock that makes its descriptor readable.
public struct Timer: ~Copyable, Sendable {
  public let descriptor: Descriptor

  public init() throws(SystemError) {
    let flags = Int32(TFD_CLOEXEC) | Int32(TFD_NONBLOCK)
    descriptor = Descriptor(
      owning: try checkedByErrno(timerfd_create(CLOCK_MONOTONIC, flags), "timerfd_create"))
  }

  /// Fires once at that monotonic time, in place of any time set before; nil for never.
  public func fire(at time: MonotonicTime?) {
    var setting = itimerspec()
    if let time {
      // A time of zero would disarm the timer.
      let nanoseconds = max(time.nanoseconds, 1)
      setting.it_value = timespec(
        tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }
    timerfd_settime(descriptor.number, Int32(TFD_TIMER_ABSTIME), &setting, nil)
  }

  public func acknowledge() {
    var expirations: UInt64 = 0
    _ = read(descriptor.number, &expirations, 8)
  }
}

/// Signals as something to wait for. Create it before any thread, so that all inherit the mask.
public struct SignalSource: ~Copyable, Sendable {
  public let descriptor: Descriptor

  public init(_ signals: [Int32]) throws(SystemError) {
    var mask = sigset_t()
    sigemptyset(&mask)
    for signal in signals { sigaddset(&mask, signal) }
    pthread_sigmask(SIG_BLOCK, &mask, nil)
    let flags = Int32(SFD_CLOEXEC) | Int32(SFD_NONBLOCK)
    descriptor = Descriptor(owning: try checkedByErrno(signalfd(-1, &mask, flags), "signalfd"))
  }

  /// The next pending signal, or nil.
  public func next() -> Int32? {
    var info = signalfd_siginfo()
    let size = MemoryLayout<signalfd_siginfo>.size
    guard read(descriptor.number, &info, size) == size else { return nil }
    return Int32(info.ssi_signo)
  }
}
