/// Why bytes aren't JSON of the asked dialect, and where.
public struct JSONError: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    case empty
    case tooLarge(limit: Int)
    case tooDeep(limit: Int)
    case tooMany(limit: Int)
    case byteOrderMark
    case utf16
    case invalidUTF8
    case unexpected(found: String, wanted: String)
    case unterminatedString
    case controlCharacter(UInt8)
    case badEscape
    case loneSurrogate
    case badNumber
    case numberOutOfRange
    case comment
    case unterminatedComment
    case trailingComma
    case duplicateKey(ByteString)
    case trailingBytes
  }

  public var reason: Reason
  public var position: Position

  public init(_ reason: Reason, at position: Position) {
    self.reason = reason
    self.position = position
  }

  /// One sentence without the position.
  public var message: String {
    switch reason {
    case .empty: "no JSON value: the file is empty"
    case .tooLarge(let limit): "larger than \(limit) bytes"
    case .tooDeep(let limit): "nested deeper than \(limit) levels"
    case .tooMany(let limit): "more than \(limit) values"
    case .byteOrderMark: "starts with a byte order mark"
    case .utf16: "UTF-16 or UTF-32, not UTF-8"
    case .invalidUTF8: "not valid UTF-8"
    case .unexpected(let found, let wanted): "\(found) where \(wanted) was expected"
    case .unterminatedString: "a string without its closing quote"
    case .controlCharacter(let byte):
      "a raw control character (0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16))) in a string"
    case .badEscape: "an escape that JSON doesn't have"
    case .loneSurrogate: "half of a surrogate pair"
    case .badNumber: "a number that isn't spelled as JSON asks"
    case .numberOutOfRange: "a number out of range"
    case .comment: "a comment, which strict JSON doesn't have"
    case .unterminatedComment: "a comment without its end"
    case .trailingComma: "a trailing comma, which strict JSON doesn't have"
    case .duplicateKey(let key): "the key \"\(key.shown)\" stands twice in one object"
    case .trailingBytes: "something after the end of the JSON value"
    }
  }
}

extension JSONError: CustomStringConvertible {
  public var description: String { "\(position): \(message)" }
}

/// A place in a text, as editors count it: both start at 1, columns count code points.
public struct Position: Hashable, Sendable, CustomStringConvertible {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The place of the byte at `offset`; what lies past the end is the place after the last byte.
  public init(of offset: Int, in text: [UInt8]) {
    var line = 1
    var column = 1
    for byte in text.prefix(max(offset, 0)) {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    self.init(line: line, column: column)
  }

  public var description: String { "\(line):\(column)" }
}
