/// UTF-8 bytes, compared byte by byte.
///
/// Swift's `String` equality follows Unicode canonical equivalence, under which `"/opt/Kiro"` equals
/// `"/opt/\u{212A}iro"`. A file system and a client's parser see two different names there, so every
/// name, command, argument and URL stays a `ByteString` from tokenizer to verdict.
public struct ByteString: Hashable, Sendable {
  public var bytes: [UInt8]

  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  public init(_ text: String) {
    self.bytes = Array(text.utf8)
  }

  public init(_ slice: ArraySlice<UInt8>) {
    self.bytes = Array(slice)
  }

  public var isEmpty: Bool { bytes.isEmpty }

  /// The bytes as text, for display only; what isn't UTF-8 becomes U+FFFD.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The bytes as text that can't move a terminal's cursor, start a new log line or reorder what
  /// stands around it: control, format and separator characters are written as `\u{…}`.
  public var escaped: String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
        .unassigned:
        escaped += "\\u{\(String(scalar.value, radix: 16))}"
      default:
        escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// Clipped and escaped.
  public var shown: String { clipped.escaped }

  /// The bytes themselves or, of a name as long as its file, as many as someone reads.
  public var clipped: ByteString {
    let most = 200
    guard bytes.count > most else { return self }
    // Not in the middle of a character.
    let end = bytes[...most].lastIndex { $0 & 0xC0 != 0x80 } ?? most
    return ByteString(Array(bytes[..<end]) + Array("…".utf8))
  }
}

extension ByteString: Comparable {
  /// Byte order, which for UTF-8 is the order of code points, and so Python's order of `str`.
  public static func < (left: ByteString, right: ByteString) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

extension ByteString {
  /// For `case "command":`, without making bytes of the word each time.
  public static func ~= (word: StaticString, bytes: ByteString) -> Bool {
    word.utf8CodeUnitCount == bytes.bytes.count
      && word.withUTF8Buffer { $0.elementsEqual(bytes.bytes) }
  }
}

extension ByteString: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) {
    self.init(value)
  }
}
