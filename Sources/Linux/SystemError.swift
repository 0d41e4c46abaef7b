import Glibc

/// A system call that failed: which, on what, and the kernel's reason.
public struct SystemError: Error, Hashable, Sendable {
  public var operation: String
  public var path: String
  public var errno: Int32

  public init(_ operation: String, _ path: String = "", errno: Int32) {
    self.operation = operation
    self.path = path
    self.errno = errno
  }

  /// The kernel's reason in words, such as "No space left on device".
  public var reason: String {
    String(cString: strerror(errno))
  }
}

extension SystemError: CustomStringConvertible {
  public var description: String {
    path.isEmpty ? "\(operation): \(reason)" : "\(operation) \(path): \(reason)"
  }
}

/// The result of a shim that returns `-errno`.
@inline(__always)
func checked<Result: SignedInteger>(
  _ result: Result, _ operation: @autoclosure () -> String, _ path: @autoclosure () -> String = ""
) throws(SystemError) -> Result {
  if result < 0 { throw SystemError(operation(), path(), errno: Int32(-result)) }
  return result
}

/// The result of a libc function that sets `errno`.
@inline(__always)
func checkedByErrno<Result: SignedInteger>(
  _ result: Result, _ operation: @autoclosure () -> String, _ path: @autoclosure () -> String = ""
) throws(SystemError) -> Result {
  if result < 0 { throw SystemError(operation(), path(), errno: Glibc.errno) }
  return result
}
