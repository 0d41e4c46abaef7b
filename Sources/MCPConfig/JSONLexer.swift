/// Reads one token after the other from text that is known to be UTF-8.
struct JSONLexer {
  let text: [UInt8]
  let dialect: JSONDialect
  var index = 0

  func error(_ reason: JSONError.Reason, at offset: Int) -> JSONError {
    JSONError(reason, at: Position(of: offset, in: text))
  }

  /// The next byte that isn't white space or, where the dialect has them, part of a comment.
  mutating func nextSignificant() throws(JSONError) -> UInt8? {
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        index += 1
      case UInt8(ascii: "/"):
        guard try skipComment() else { return UInt8(ascii: "/") }
      case let byte:
        return byte
      }
    }
    return nil
  }

  /// Whether it was one; a lone slash is left where it stands.
  private mutating func skipComment() throws(JSONError) -> Bool {
    let start = index
    let second = index + 1 < text.count ? text[index + 1] : 0
    guard second == UInt8(ascii: "/") || second == UInt8(ascii: "*") else { return false }
    guard dialect == .comments else { throw error(.comment, at: start) }
    index += 2
    if second == UInt8(ascii: "/") {
      while index < text.count, text[index] != UInt8(ascii: "\n"), text[index] != UInt8(ascii: "\r")
      {
        index += 1
      }
      return true
    }
    while index + 1 < text.count {
      if text[index] == UInt8(ascii: "*"), text[index + 1] == UInt8(ascii: "/") {
        index += 2
        return true
      }
      index += 1
    }
    throw error(.unterminatedComment, at: start)
  }

  mutating func literal(_ word: StaticString) throws(JSONError) {
    let start = index
    let matches = word.withUTF8Buffer { text[start...].starts(with: $0) }
    guard matches else { throw unexpected(wanted: "a value") }
    index += word.utf8CodeUnitCount
  }

  /// The error for the byte that stands at the index.
  func unexpected(wanted: String) -> JSONError {
    guard index < text.count else {
      return error(.unexpected(found: "the end", wanted: wanted), at: index)
    }
    let scalar = text[index...].prefix(4)
    let character = String(decoding: scalar, as: UTF8.self).unicodeScalars.first.map(String.init)
    let found = ByteString(character ?? "").escaped
    return error(.unexpected(found: "\"\(found)\"", wanted: wanted), at: index)
  }

  /// The number at the index, spelled as RFC 8259 asks.
  mutating func number() throws(JSONError) -> ByteString {
    let start = index
    if text[index] == UInt8(ascii: "-") { index += 1 }
    let firstDigit = index
    guard skipDigits() > 0 else { throw error(.badNumber, at: start) }
    if text[firstDigit] == UInt8(ascii: "0"), index > firstDigit + 1 {
      throw error(.badNumber, at: start)
    }
    // CPython refuses integers of more than 4,300 digits; so a longer one isn't the same to all.
    if index - firstDigit > 4300 { throw error(.numberOutOfRange, at: start) }
    if at(UInt8(ascii: ".")) {
      index += 1
      guard skipDigits() > 0 else { throw error(.badNumber, at: start) }
    }
    if at(UInt8(ascii: "e")) || at(UInt8(ascii: "E")) {
      index += 1
      if at(UInt8(ascii: "+")) || at(UInt8(ascii: "-")) { index += 1 }
      guard skipDigits() > 0 else { throw error(.badNumber, at: start) }
    }
    let spelling = ByteString(text[start..<index])
    guard CanonicalNumber.isFinite(spelling) else { throw error(.numberOutOfRange, at: start) }
    return spelling
  }

  private func at(_ byte: UInt8) -> Bool { index < text.count && text[index] == byte }

  private mutating func skipDigits() -> Int {
    let start = index
    while index < text.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= text[index] { index += 1 }
    return index - start
  }
}
