extension JSONLexer {
  /// The string at the index, unescaped; the index stands on its opening quote.
  mutating func string() throws(JSONError) -> ByteString {
    let start = index
    index += 1
    var decoded: [UInt8] = []
    var runStart = index
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "\""):
        decoded += text[runStart..<index]
        index += 1
        return ByteString(decoded)
      case UInt8(ascii: "\\"):
        decoded += text[runStart..<index]
        try escape(into: &decoded, of: start)
        runStart = index
      case 0..<0x20:
        throw error(.controlCharacter(text[index]), at: index)
      default:
        index += 1
      }
    }
    throw error(.unterminatedString, at: start)
  }

  private mutating func escape(
    into decoded: inout [UInt8], of string: Int
  ) throws(JSONError) {
    let start = index
    guard index + 1 < text.count else { throw error(.unterminatedString, at: string) }
    index += 2
    switch text[start + 1] {
    case UInt8(ascii: "\""): decoded.append(UInt8(ascii: "\""))
    case UInt8(ascii: "\\"): decoded.append(UInt8(ascii: "\\"))
    case UInt8(ascii: "/"): decoded.append(UInt8(ascii: "/"))
    case UInt8(ascii: "b"): decoded.append(0x08)
    case UInt8(ascii: "f"): decoded.append(0x0C)
    case UInt8(ascii: "n"): decoded.append(0x0A)
    case UInt8(ascii: "r"): decoded.append(0x0D)
    case UInt8(ascii: "t"): decoded.append(0x09)
    case UInt8(ascii: "u"): try appendUnicodeEscape(from: start, to: &decoded, of: string)
    default: throw error(.badEscape, at: start)
    }
  }

  /// The code point of `\uXXXX`, or of two that form a surrogate pair; the index stands after `\u`.
  private mutating func appendUnicodeEscape(
    from start: Int, to decoded: inout [UInt8], of string: Int
  ) throws(JSONError) {
    let first = try hexadecimal(from: start, of: string)
    var code = UInt32(first)
    switch first {
    case 0xD800...0xDBFF:
      guard text[index...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else {
        throw error(.loneSurrogate, at: start)
      }
      let secondStart = index
      index += 2
      let second = try hexadecimal(from: secondStart, of: string)
      guard 0xDC00...0xDFFF ~= second else { throw error(.loneSurrogate, at: start) }
      code = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
    case 0xDC00...0xDFFF:
      throw error(.loneSurrogate, at: start)
    default:
      break
    }
    guard let scalar = Unicode.Scalar(code) else { throw error(.loneSurrogate, at: start) }
    decoded += UTF8.encode(scalar)!
  }

  private mutating func hexadecimal(
    from start: Int, of string: Int
  ) throws(JSONError) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard index < text.count else { throw error(.unterminatedString, at: string) }
      let digit: UInt8
      switch text[index] {
      case let byte where UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte: digit = byte - 0x30
      case let byte where UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte: digit = byte - 0x57
      case let byte where UInt8(ascii: "A")...UInt8(ascii: "F") ~= byte: digit = byte - 0x37
      default: throw error(.badEscape, at: start)
      }
      value = value << 4 | UInt16(digit)
      index += 1
    }
    return value
  }
}
