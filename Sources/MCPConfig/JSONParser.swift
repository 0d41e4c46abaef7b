extension JSON {
  /// Reads one document.
  ///
  /// Stricter than every client's parser where they disagree: a key that stands twice, a byte order
  /// mark, half of a surrogate pair or a second document is an error, because two clients would make
  /// two different values of it.
  public init(
    parsing text: [UInt8], as dialect: JSONDialect = .strict, limits: JSONLimits = JSONLimits()
  ) throws(JSONError) {
    try JSONParser.checkEncoding(of: text, limits: limits)
    var parser = JSONParser(lexer: JSONLexer(text: text, dialect: dialect), limits: limits)
    self = try parser.document()
  }
}

/// Builds the document by recursive descent; the depth limit bounds the stack.
struct JSONParser {
  var lexer: JSONLexer
  let limits: JSONLimits
  private var depth = 0
  private var values = 0

  init(lexer: JSONLexer, limits: JSONLimits) {
    self.lexer = lexer
    self.limits = limits
  }

  static func checkEncoding(of text: [UInt8], limits: JSONLimits) throws(JSONError) {
    let start = Position(line: 1, column: 1)
    guard text.count <= limits.size else {
      throw JSONError(.tooLarge(limit: limits.size), at: start)
    }
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { throw JSONError(.byteOrderMark, at: start) }
    if isWide(text) { throw JSONError(.utf16, at: start) }
    if let bad = firstInvalidUTF8(in: text) {
      throw JSONError(.invalidUTF8, at: Position(of: bad, in: text))
    }
  }

  /// UTF-16 or UTF-32: by its byte order mark, or since JSON starts with an ASCII character, whose
  /// other bytes are zero there.
  private static func isWide(_ text: [UInt8]) -> Bool {
    if text.starts(with: [0xFF, 0xFE]) || text.starts(with: [0xFE, 0xFF]) { return true }
    guard text.count > 1 else { return false }
    if text[0] == 0, text[1] == 0 { return text.prefix(4).contains { $0 != 0 } }
    return text[0] == 0 || text[1] == 0
  }

  mutating func document() throws(JSONError) -> JSON {
    guard try lexer.nextSignificant() != nil else {
      throw lexer.error(.empty, at: lexer.index)
    }
    let root = try value()
    if try lexer.nextSignificant() != nil { throw lexer.error(.trailingBytes, at: lexer.index) }
    return root
  }

  private mutating func value() throws(JSONError) -> JSON {
    let next = try lexer.nextSignificant()
    let start = lexer.index
    values += 1
    guard values <= limits.values else {
      throw lexer.error(.tooMany(limit: limits.values), at: start)
    }
    switch next {
    case UInt8(ascii: "{"): return JSON(.object(try nested(Self.objectBody)), offset: start)
    case UInt8(ascii: "["): return JSON(.array(try nested(Self.arrayBody)), offset: start)
    case UInt8(ascii: "\""): return JSON(.string(try lexer.string()), offset: start)
    case UInt8(ascii: "t"):
      try lexer.literal("true")
      return JSON(.bool(true), offset: start)
    case UInt8(ascii: "f"):
      try lexer.literal("false")
      return JSON(.bool(false), offset: start)
    case UInt8(ascii: "n"):
      try lexer.literal("null")
      return JSON(.null, offset: start)
    case let byte? where byte == UInt8(ascii: "-") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte:
      return JSON(.number(try lexer.number()), offset: start)
    default:
      throw lexer.unexpected(wanted: "a value")
    }
  }

  private mutating func nested<Body>(
    _ body: (inout JSONParser) throws(JSONError) -> Body
  ) throws(JSONError) -> Body {
    depth += 1
    guard depth <= limits.depth else {
      throw lexer.error(.tooDeep(limit: limits.depth), at: lexer.index)
    }
    lexer.index += 1
    let result = try body(&self)
    depth -= 1
    return result
  }

  private static func objectBody(_ parser: inout JSONParser) throws(JSONError) -> [Member] {
    var members: [Member] = []
    var seen = SeenKeys()
    try parser.list(closing: UInt8(ascii: "}")) { parser throws(JSONError) in
      guard try parser.lexer.nextSignificant() == UInt8(ascii: "\"") else {
        throw parser.lexer.unexpected(wanted: "a key in quotes")
      }
      let keyOffset = parser.lexer.index
      let key = try parser.lexer.string()
      guard seen.insert(key, after: members) else {
        throw parser.lexer.error(.duplicateKey(key), at: keyOffset)
      }
      guard try parser.lexer.nextSignificant() == UInt8(ascii: ":") else {
        throw parser.lexer.unexpected(wanted: "\":\"")
      }
      parser.lexer.index += 1
      members.append(Member(key: key, keyOffset: keyOffset, value: try parser.value()))
    }
    return members
  }

  private static func arrayBody(_ parser: inout JSONParser) throws(JSONError) -> [JSON] {
    var elements: [JSON] = []
    try parser.list(closing: UInt8(ascii: "]")) { parser throws(JSONError) in
      elements.append(try parser.value())
    }
    return elements
  }

  private mutating func list(
    closing: UInt8, element: (inout JSONParser) throws(JSONError) -> Void
  ) throws(JSONError) {
    var comma: Int?
    while true {
      if try lexer.nextSignificant() == closing {
        if let comma, lexer.dialect == .strict { throw lexer.error(.trailingComma, at: comma) }
        lexer.index += 1
        return
      }
      try element(&self)
      switch try lexer.nextSignificant() {
      case closing:
        comma = nil
      case UInt8(ascii: ","):
        comma = lexer.index
        lexer.index += 1
      default:
        throw lexer.unexpected(
          wanted: closing == UInt8(ascii: "}") ? "\",\" or \"}\"" : "\",\" or \"]\"")
      }
    }
  }

  private typealias Member = JSON.Member
}

/// The keys of one object: a scan while they are few, a set when they are many, so that a hostile
/// object of many keys costs linear time and a usual one no set.
private struct SeenKeys {
  private var set: Set<ByteString> = []
  private static let few = 16

  /// Whether the key is new.
  mutating func insert(_ key: ByteString, after members: [JSON.Member]) -> Bool {
    guard members.count >= Self.few else { return !members.contains { $0.key == key } }
    if set.isEmpty { set.formUnion(members.map(\.key)) }
    return set.insert(key).inserted
  }
}
