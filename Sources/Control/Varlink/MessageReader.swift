/// Cuts a stream of bytes into Varlink messages, each of which ends with a NUL byte.
///
/// A state machine without I/O: it holds at most the limit and what one `append` brought.
public struct MessageReader: Sendable {
  /// Bytes of one message, without its NUL.
  public let limit: Int
  private var buffer: [UInt8] = []
  /// Where the current message begins.
  private var start = 0
  /// There is no NUL from `start` up to here, so no byte is looked at twice.
  private var scanned = 0

  public init(limit: Int) {
    self.limit = limit
  }

  /// Bytes that no message took yet.
  public var pending: Int { buffer.count - start }

  public mutating func append(_ bytes: [UInt8]) {
    if start > 0 {
      buffer.removeSubrange(..<start)
      scanned -= start
      start = 0
    }
    buffer += bytes
  }

  /// The next whole message without its NUL, nil when there is none yet.
  ///
  /// After a throw the stream has no further message: its next boundary isn't known.
  public mutating func next() throws(MessageTooLarge) -> [UInt8]? {
    guard let end = buffer[scanned...].firstIndex(of: 0) else {
      scanned = buffer.count
      guard pending <= limit else { throw MessageTooLarge(limit: limit) }
      return nil
    }
    guard end - start <= limit else { throw MessageTooLarge(limit: limit) }
    let message = Array(buffer[start..<end])
    start = end + 1
    scanned = start
    if start == buffer.count {
      // Gives the memory of a large message back.
      buffer = []
      start = 0
      scanned = 0
    }
    return message
  }
}

/// A message with more bytes than the reader takes.
public struct MessageTooLarge: Error, Hashable, Sendable {
  public var limit: Int
}
