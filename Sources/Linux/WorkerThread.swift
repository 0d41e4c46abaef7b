import CLinux
import Glibc

/// A thread that may block, as a cooperative thread must not.
public struct WorkerThread: Sendable {
  private let handle: pthread_t

  /// - Parameter name: at most 15 bytes, as `ps -L` shows it.
  public init(
    name: String, _ body: @escaping @Sendable () -> Void
  ) throws(SystemError) {
    let start = Unmanaged.passRetained(Start(name: name, body: body))
    var handle = pthread_t()
    let failure = pthread_create(
      &handle, nil,
      { argument in
        let start = Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
        _ = start.name.withCString { cl_name_thread($0) }
        start.body()
        return nil
      }, start.toOpaque())
    guard failure == 0 else {
      start.release()
      throw SystemError("pthread_create", name, errno: failure)
    }
    self.handle = handle
  }

  /// Lets it end by itself.
  public func detach() {
    pthread_detach(handle)
  }

  public func join() {
    pthread_join(handle, nil)
  }

  private final class Start: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }
}
