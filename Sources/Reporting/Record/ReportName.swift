import Linux
import MCPConfig

/// Values of records that others wrote: made harmless and small before anything counts them.
enum ReportName {
  /// Escaped, so that no format can be left by it, then clipped: the same for a name from the
  /// journal, which is escaped there already, and from the ledger, which isn't.
  static func of(_ bytes: ByteString) -> ByteString {
    isPlain(bytes.bytes[...]) ? bytes : ByteString(bytes.escaped).clipped
  }

  static func of(_ bytes: ArraySlice<UInt8>) -> ByteString {
    isPlain(bytes) ? ByteString(bytes) : ByteString(ByteString(bytes).escaped).clipped
  }

  /// Most names are, and need no look at each character.
  private static func isPlain(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.count <= 200 && bytes.allSatisfy { 0x20...0x7E ~= $0 }
  }

  /// Incidents that a record stands for; no sum of them can overflow.
  static func count(_ number: Int) -> Int { min(max(number, 1), 1_000_000_000) }

  /// Eleven days is longer than any restore.
  static func latency(_ number: Int) -> Int { min(max(number, 0), 1_000_000_000_000) }

  /// An incident's id starts with the microsecond of its discovery.
  static func discovered(_ id: ByteString) -> WallTime? {
    guard let dash = id.bytes.firstIndex(of: UInt8(ascii: "-")) else { return nil }
    let time = id.bytes[..<dash]
    guard (1...18).contains(time.count), time.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
    return WallTime(microseconds: time.reduce(0) { $0 * 10 + Int64($1 - 0x30) })
  }
}
