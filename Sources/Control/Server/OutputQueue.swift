import Linux

/// Bytes that a peer is to read yet.
struct OutputQueue {
  private var bytes: [UInt8] = []
  private var sent = 0

  var count: Int { bytes.count - sent }
  var isEmpty: Bool { count == 0 }

  mutating func append(_ message: [UInt8]) {
    if sent > bytes.count / 2 {
      bytes.removeSubrange(..<sent)
      sent = 0
    }
    bytes += message
  }

  /// Sends what the socket takes; returns whether it took anything.
  mutating func flush(to socket: borrowing Descriptor) throws(SystemError) -> Bool {
    var progress = false
    while !isEmpty {
      let count = try socket.sendSome(bytes[sent...])
      if count == 0 { return progress }
      sent += count
      progress = true
    }
    if sent > 0 {
      bytes = []
      sent = 0
    }
    return progress
  }
}
