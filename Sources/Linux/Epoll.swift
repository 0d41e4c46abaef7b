import CLinux
import Glibc

/// The descriptors one thread waits for, each known by a token of the caller's.
public struct Epoll: ~Copyable {
  private let descriptor: Descriptor

  public struct Interest: OptionSet, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    public static var readable: Interest { Interest(rawValue: CL_EPOLLIN) }
    public static var writable: Interest { Interest(rawValue: CL_EPOLLOUT) }
    public static var gone: Interest { Interest(rawValue: CL_EPOLLHUP | CL_EPOLLERR) }
  }

  public init() throws(SystemError) {
    descriptor = Descriptor(owning: try checked(cl_epoll_create(), "epoll_create"))
  }

  /// What becomes readable when one of the descriptors is ready, so that one epoll can wait for
  /// another.
  public var number: Int32 { descriptor.number }

  public func add(_ number: Int32, _ interest: Interest, token: UInt64) throws(SystemError) {
    _ = try checked(
      cl_epoll_add(descriptor.number, number, interest.rawValue, token), "epoll_ctl")
  }

  public func modify(_ number: Int32, _ interest: Interest, token: UInt64) throws(SystemError) {
    _ = try checked(
      cl_epoll_modify(descriptor.number, number, interest.rawValue, token), "epoll_ctl")
  }

  public func remove(_ number: Int32) {
    _ = cl_epoll_remove(descriptor.number, number)
  }

  /// Calls `body` with the token of each descriptor that is ready; waits for the first one if
  /// `mayWait`, and returns without a call when a signal came.
  public func wait(mayWait: Bool, _ body: (UInt64, Interest) -> Void) throws(SystemError) {
    try withUnsafeTemporaryAllocation(of: cl_event.self, capacity: 64) {
      events throws(SystemError) in
      let count = cl_epoll_wait(descriptor.number, events.baseAddress!, 64, mayWait ? -1 : 0)
      if count == -EINTR { return }
      for index in 0..<Int(try checked(count, "epoll_wait")) {
        body(events[index].token, Interest(rawValue: events[index].events))
      }
    }
  }
}
