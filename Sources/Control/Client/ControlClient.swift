import Glibc
import Linux
import MCPConfig

/// The control socket's other end, for programs that may wait.
public final class ControlClient {
  private let socket: Descriptor
  private let path: FilePath
  private let timeout: Double?
  private var reader = MessageReader(limit: VarlinkReply.limits.size)
  /// Whether the daemon ended before its reply was whole.
  private var wasCutOff = false

  /// Connects.
  /// - Parameter timeout: seconds that connecting, and each wait for bytes, may take; nil for as long
  ///   as it takes.
  public init(path: FilePath, timeout: Double? = nil) throws(ClientError) {
    self.path = path
    self.timeout = timeout
    do {
      socket = try Descriptor.connect(to: path, timeout: timeout)
    } catch {
      throw Self.unreachable(path, error)
    }
  }

  /// Calls a method that has one reply, and waits for it.
  public func call(_ verb: Verb, _ parameters: JSON = [:]) throws(ClientError) -> JSON {
    try send(verb, parameters, more: false)
    return try receive(verb).parameters
  }

  /// Calls a method that has one reply by a connection of its own. One that only reads is called once
  /// more where the daemon ended before it answered: the next one does.
  public static func call(
    _ verb: Verb, _ parameters: JSON = [:], at path: FilePath, timeout: Double?
  ) throws(ClientError) -> JSON {
    let client = try ControlClient(path: path, timeout: timeout)
    do {
      return try client.call(verb, parameters)
    } catch {
      guard verb.onlyReads, client.wasCutOff else { throw error }
    }
    return try ControlClient(path: path, timeout: timeout).call(verb, parameters)
  }

  /// Calls a method that has many replies, and waits for each.
  /// - Parameter body: takes one reply; false ends the stream, and with it this client's use.
  public func stream(
    _ verb: Verb, _ parameters: JSON = [:], _ body: (JSON) -> Bool
  ) throws(ClientError) {
    try send(verb, parameters, more: true)
    while true {
      let (parameters, continues) = try receive(verb)
      guard body(parameters), continues else { return }
    }
  }

  private func send(_ verb: Verb, _ parameters: JSON, more: Bool) throws(ClientError) {
    let message = VarlinkCall.message(method: verb.method, parameters: parameters, more: more)
    do {
      try socket.sendAll(message)
    } catch  where error.errno == EPIPE || error.errno == ECONNRESET {
      // The daemon closed; its reply may say why.
    } catch {
      throw Self.unreachable(path, error)
    }
  }

  private func receive(_ verb: Verb) throws(ClientError) -> (parameters: JSON, continues: Bool) {
    switch VarlinkReply(parsing: try nextMessage()) {
    case .parameters(let parameters, let continues): return (parameters, continues)
    case .failure(let error): throw ClientError(error, verb: verb)
    case nil: throw .failed("the daemon's answer isn't a Varlink reply")
    }
  }

  private func nextMessage() throws(ClientError) -> [UInt8] {
    while true {
      do {
        if let message = try reader.next() { return message }
      } catch {
        throw .failed("the daemon's answer is larger than \(error.limit) bytes")
      }
      let bytes = try nextBytes()
      if bytes.isEmpty {
        wasCutOff = true
        throw .notReachable("\(path): the daemon closed the connection")
      }
      reader.append(bytes)
    }
  }

  private func nextBytes() throws(ClientError) -> [UInt8] {
    let start = MonotonicTime.now
    while true {
      do {
        if let bytes = try socket.readSome(upTo: 64 << 10) { return bytes }
      } catch {
        wasCutOff = error.errno == ECONNRESET
        throw Self.unreachable(path, error)
      }
      // Nothing came: the time is over, or a signal ended the wait.
      if let timeout, start.advanced(bySeconds: timeout) <= .now {
        throw .notReachable("\(path): no answer in time")
      }
    }
  }

  private static func unreachable(_ path: FilePath, _ error: SystemError) -> ClientError {
    let reason = error.errno == EAGAIN ? "no answer in time" : error.reason
    return .notReachable("\(path): \(reason)")
  }
}
