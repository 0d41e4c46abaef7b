import Glibc
import Linux
import MCPConfig

/// Where a verb writes and asks.
struct Console {
  var style: Style
  /// The time that ages are told from.
  var now: WallTime
  /// Whether someone is there to answer.
  var canAsk: Bool
  /// Whether someone looks on while it takes long.
  var showsProgress = false
  var write: (Stream, [UInt8]) -> Void
  /// One line that was typed, nil at the end of the input.
  var readLine: () -> String?

  enum Stream: Int32 {
    case output = 1
    case errors = 2
  }

  func print(_ text: String, to stream: Stream = .output) {
    write(stream, Array((text.hasSuffix("\n") ? text : text + "\n").utf8))
  }

  func print(_ json: JSON) {
    write(.output, JSONOutput.pretty(json))
  }

  func complain(_ message: String) {
    print("mcpolicyctl: \(message)", to: .errors)
  }

  static var standard: Console {
    Console(
      style: .ofTerminal(1), now: .now, canAsk: isatty(0) == 1,
      showsProgress: isatty(2) == 1, write: writeAll,
      readLine: { Swift.readLine() })
  }

  private static func writeAll(_ stream: Stream, _ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(stream.rawValue, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      // Output that is lost must not look like success.
      if count < 0 { exit(Outcome.failed.rawValue) }
      rest = rest.dropFirst(count)
    }
  }
}
