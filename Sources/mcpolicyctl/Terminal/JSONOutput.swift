import MCPConfig

/// JSON for stdout.
enum JSONOutput {
  static func pretty(_ json: JSON) -> [UInt8] { harmless(json.prettyForm) }

  /// One line.
  static func line(_ json: JSON) -> [UInt8] { harmless(json.compactForm) + [UInt8(ascii: "\n")] }

  /// The same JSON with escapes for what could act on a terminal: the writer escapes only the
  /// controls below a space, as RFC 8259 asks.
  private static func harmless(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(where: { $0 >= 0x7F }) else { return text }
    var harmless: [UInt8] = []
    harmless.reserveCapacity(text.count)
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      // All that isn't ASCII, and DEL, stands inside a string.
      if scalar.value >= 0x7F, ByteString(String(scalar)).escaped != String(scalar) {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          harmless += "\\u\(String(repeating: "0", count: 4 - digits.utf8.count))\(digits)".utf8
        }
      } else {
        harmless += Array(String(scalar).utf8)
      }
    }
    return harmless
  }
}
