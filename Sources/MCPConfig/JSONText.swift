/// Strings as JSON spells them.
enum JSONText {
  private static let hexadecimal = Array("0123456789abcdef".utf8)

  /// As Python with `ensure_ascii`: everything outside space to tilde becomes an escape.
  static func appendASCII(_ string: ByteString, to text: inout [UInt8]) {
    append(string, to: &text) { scalar, text in
      for unit in UTF16.encode(scalar)! { appendEscape(unit, to: &text) }
    }
  }

  /// As few escapes as RFC 8259 allows, for people to read.
  static func appendUTF8(_ string: ByteString, to text: inout [UInt8]) {
    append(string, to: &text) { scalar, text in text += UTF8.encode(scalar)! }
  }

  private static func append(
    _ string: ByteString, to text: inout [UInt8],
    other: (Unicode.Scalar, inout [UInt8]) -> Void
  ) {
    text.append(UInt8(ascii: "\""))
    if string.bytes.allSatisfy({ 0x20...0x7E ~= $0 && $0 != 0x22 && $0 != 0x5C }) {
      text += string.bytes
    } else {
      for scalar in string.text.unicodeScalars {
        switch scalar {
        case "\"": text += "\\\"".utf8
        case "\\": text += "\\\\".utf8
        case "\u{8}": text += "\\b".utf8
        case "\u{C}": text += "\\f".utf8
        case "\n": text += "\\n".utf8
        case "\r": text += "\\r".utf8
        case "\t": text += "\\t".utf8
        case "\0"..<" ": appendEscape(UInt16(scalar.value), to: &text)
        case " "..."~": text.append(UInt8(scalar.value))
        default: other(scalar, &text)
        }
      }
    }
    text.append(UInt8(ascii: "\""))
  }

  private static func appendEscape(_ unit: UInt16, to text: inout [UInt8]) {
    text += "\\u".utf8
    for shift in stride(from: 12, through: 0, by: -4) {
      text.append(hexadecimal[Int(unit >> UInt16(shift)) & 0xF])
    }
  }
}
