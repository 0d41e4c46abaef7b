/// A JSON value and the place where it stood.
///
/// Objects keep their members in the order of the text. Numbers keep their spelling, so that nothing
/// is lost to a machine type before the canonical form asks for one.
public struct JSON: Sendable {
  public enum Content: Sendable {
    case null
    case bool(Bool)
    /// The number as it was spelled, which the tokenizer has checked against RFC 8259.
    case number(ByteString)
    case string(ByteString)
    case array([JSON])
    case object([Member])
  }

  public struct Member: Sendable {
    public var key: ByteString
    public var keyOffset: Int
    public var value: JSON

    public init(key: ByteString, keyOffset: Int = 0, value: JSON) {
      self.key = key
      self.keyOffset = keyOffset
      self.value = value
    }
  }

  public var content: Content
  /// Bytes from the start of the text to the value's first byte; 0 for values made in memory.
  public var offset: Int

  public init(_ content: Content, offset: Int = 0) {
    self.content = content
    self.offset = offset
  }
}

// MARK: Reading

extension JSON {
  public var members: [Member]? {
    if case .object(let members) = content { members } else { nil }
  }

  public var elements: [JSON]? {
    if case .array(let elements) = content { elements } else { nil }
  }

  public var string: ByteString? {
    if case .string(let string) = content { string } else { nil }
  }

  public var bool: Bool? {
    if case .bool(let bool) = content { bool } else { nil }
  }

  /// The number as a machine integer; nil for a fraction, an exponent or what doesn't fit.
  public var integer: Int? {
    if case .number(let digits) = content { Int(digits.text) } else { nil }
  }

  public subscript(key: ByteString) -> JSON? {
    members?.first { $0.key == key }?.value
  }

  /// The word a message uses for this type of value.
  public var typeName: String {
    switch content {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

// MARK: Making

extension JSON {
  public static let null = JSON(.null)

  public static func text(_ text: String) -> JSON { JSON(.string(ByteString(text))) }
  public static func bytes(_ bytes: ByteString) -> JSON { JSON(.string(bytes)) }
  public static func int(_ integer: some BinaryInteger) -> JSON {
    JSON(.number(ByteString(String(integer))))
  }
  public static func bool(_ bool: Bool) -> JSON { JSON(.bool(bool)) }
  public static func array(_ elements: [JSON]) -> JSON { JSON(.array(elements)) }
  public static func object(_ members: [(String, JSON)]) -> JSON {
    JSON(.object(members.map { Member(key: ByteString($0), value: $1) }))
  }
  public static func optional(_ text: String?) -> JSON { text.map { .text($0) } ?? .null }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral,
  ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
  public typealias Key = String
  public typealias Value = JSON
  public typealias ArrayLiteralElement = JSON
  public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(elements) }
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  public init(stringLiteral value: String) { self = .text(value) }
  public init(integerLiteral value: Int) { self = .int(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}
