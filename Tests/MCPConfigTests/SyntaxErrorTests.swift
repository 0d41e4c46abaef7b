import MCPConfig
import Testing

/// Every reason why bytes aren't JSON, by name and with its place.
@Suite struct SyntaxErrorTests {
  @Test(arguments: [
    ("‸", JSONError.Reason.empty),
    (" \n\t\r\n ‸", .empty),

    ("‸⟨ef bb bf⟩{}", .byteOrderMark),
    ("‸⟨ef bb bf⟩", .byteOrderMark),
    ("‸⟨ff fe⟩{⟨00⟩}⟨00⟩", .utf16),
    ("‸⟨fe ff 00⟩{⟨00⟩}", .utf16),
    ("‸{⟨00⟩}⟨00⟩", .utf16),
    ("‸⟨00⟩{⟨00⟩}", .utf16),
    ("‸{⟨00 00 00⟩}⟨00 00 00⟩", .utf16),
    ("‸⟨00 00 00⟩{⟨00 00 00⟩}", .utf16),
    ("‸⟨00 00 fe ff 00 00 00⟩1", .utf16),
    ("‸⟨ff fe 00 00⟩1⟨00 00 00⟩", .utf16),
    // Zeros all the way are no encoding; a crash leaves such files.
    ("‸⟨00 00 00 00 00 00⟩", .unexpected(found: "\"\\u{0}\"", wanted: "a value")),

    ("{\"k\": \"‸⟨ff⟩\"}", .invalidUTF8),
    ("\"é‸⟨80⟩\"", .invalidUTF8),
    ("\"\n\"‸⟨c3⟩", .invalidUTF8),
    ("\"‸⟨c0 80⟩\"", .invalidUTF8),
    ("\"‸⟨c1 bf⟩\"", .invalidUTF8),
    ("\"‸⟨e0 9f bf⟩\"", .invalidUTF8),
    ("\"‸⟨f0 8f bf bf⟩\"", .invalidUTF8),
    ("\"‸⟨ed a0 80⟩\"", .invalidUTF8),
    ("\"‸⟨ed bf bf⟩\"", .invalidUTF8),
    ("\"‸⟨f4 90 80 80⟩\"", .invalidUTF8),
    ("\"‸⟨f5 80 80 80⟩\"", .invalidUTF8),
    ("\"‸⟨e2 82⟩\"", .invalidUTF8),
    ("\"‸⟨f0 9f 98⟩\"", .invalidUTF8),

    ("‸\"", .unterminatedString),
    ("‸\"abc", .unterminatedString),
    ("[1, ‸\"\\", .unterminatedString),
    ("[‸\"\\u12", .unterminatedString),
    ("[‸\"\\ud83d\\ude", .unterminatedString),
    ("{‸\"key", .unterminatedString),

    ("\"a‸\tb\"", .controlCharacter(0x09)),
    ("\"a‸\nb\"", .controlCharacter(0x0A)),
    ("\"a‸⟨00⟩\"", .controlCharacter(0x00)),
    ("{\"k‸⟨1f⟩\":1}", .controlCharacter(0x1F)),
    ("\"😀‸⟨1b⟩[2K\"", .controlCharacter(0x1B)),

    ("\"‸\\x\"", .badEscape),
    ("\"C:‸\\Users\"", .badEscape),
    ("\"‸\\u12g4\"", .badEscape),
    ("\"‸\\u\"", .badEscape),
    ("\"‸\\u+123\"", .badEscape),
    ("\"‸\\'\"", .badEscape),
    ("\"‸\\0\"", .badEscape),
    ("\"\\ud83d‸\\u12\"", .badEscape),

    ("\"‸\\ud800\"", .loneSurrogate),
    ("\"‸\\udc00\"", .loneSurrogate),
    ("\"‸\\uD83D😀\"", .loneSurrogate),
    ("\"‸\\ud83d\\u0041\"", .loneSurrogate),
    ("\"‸\\ud83d\\ud83d\\ude00\"", .loneSurrogate),
    ("\"‸\\ud83d\\n\"", .loneSurrogate),
    ("\"\\ud83d\\ude00‸\\ude00\"", .loneSurrogate),
    ("{\"‸\\ud800\":1}", .loneSurrogate),

    ("{}‸⟨00⟩", .trailingBytes),
    ("{} ‸{}", .trailingBytes),
    ("{}\n‸{}", .trailingBytes),
    ("null‸,", .trailingBytes),
    ("1 ‸2", .trailingBytes),
    ("[]‸]", .trailingBytes),
    ("true‸x", .trailingBytes),
    ("{}\n‸⟨ef bb bf⟩", .trailingBytes),
    ("{}‸/", .trailingBytes),
    ("0‸x1", .trailingBytes),
  ])
  func strict(_ text: String, _ reason: JSONError.Reason) {
    let text = MarkedText(text)
    #expect(text.error() == JSONError(reason, at: text.position))
  }

  @Test(arguments: [
    ("{‸", "the end", "a key in quotes"),
    ("[‸", "the end", "a value"),
    ("[1‸", "the end", "\",\" or \"]\""),
    ("[1,‸", "the end", "a value"),
    ("{\"a\"‸", "the end", "\":\""),
    ("{\"a\":‸", "the end", "a value"),
    ("{\"a\":1‸", "the end", "\",\" or \"}\""),
    ("{\"a\":1,‸", "the end", "a key in quotes"),
    ("{‸,}", "\",\"", "a key in quotes"),
    ("[‸,]", "\",\"", "a value"),
    ("[1,‸,2]", "\",\"", "a value"),
    ("[1 ‸2]", "\"2\"", "\",\" or \"]\""),
    ("[1‸}", "\"}\"", "\",\" or \"]\""),
    ("{\"a\":1‸]", "\"]\"", "\",\" or \"}\""),
    ("{\"a\" ‸1}", "\"1\"", "\":\""),
    ("{\"a\"‸=:1}", "\"=\"", "\":\""),
    ("{‸a:1}", "\"a\"", "a key in quotes"),
    ("{‸1:1}", "\"1\"", "a key in quotes"),
    ("{‸'a':1}", "\"'\"", "a key in quotes"),
    ("{\"a\":1‸/x}", "\"/\"", "\",\" or \"}\""),
    ("{\"k\":‸\u{A0}1}", "\"\u{A0}\"", "a value"),
    ("‸\u{2028}1", "\"\\u{2028}\"", "a value"),
    ("‸⟨0b⟩1", "\"\\u{b}\"", "a value"),
    ("‸⟨0c⟩1", "\"\\u{c}\"", "a value"),
    ("[‸😀]", "\"😀\"", "a value"),
    ("\n\r\n [ ‸NaN]", "\"N\"", "a value"),
    ("‸Infinity", "\"I\"", "a value"),
    ("‸tru", "\"t\"", "a value"),
    ("[‸fals]", "\"f\"", "a value"),
    ("[1,\n‸nul", "\"n\"", "a value"),
    ("‸True", "\"T\"", "a value"),
    ("‸undefined", "\"u\"", "a value"),
    ("‸+1", "\"+\"", "a value"),
    ("‸.5", "\".\"", "a value"),
    ("‸}", "\"}\"", "a value"),
  ])
  func unexpected(_ text: String, _ found: String, _ wanted: String) {
    let text = MarkedText(text)
    #expect(
      text.error() == JSONError(.unexpected(found: found, wanted: wanted), at: text.position))
  }

  /// Columns count code points, lines end with a line feed.
  @Test func positionsAreThoseOfEditors() {
    let text = Array("a\r\né😀b\nc".utf8)
    #expect(Position(of: 0, in: text) == Position(line: 1, column: 1))
    #expect(Position(of: 3, in: text) == Position(line: 2, column: 1))
    #expect(Position(of: 9, in: text) == Position(line: 2, column: 3))
    #expect(Position(of: text.count, in: text) == Position(line: 3, column: 2))
    #expect(Position(of: 1000, in: text) == Position(line: 3, column: 2))
    #expect(Position(of: -1, in: text) == Position(line: 1, column: 1))
  }

  /// A message is one line, whatever stands in the file.
  @Test func messagesDontPassControlCharactersOn() throws {
    let text = MarkedText("{\"a\\u001b[2J\":1,‸\"a\\u001b[2J\":2}")
    let error = try #require(text.error())
    #expect(error == JSONError(.duplicateKey("a\u{1B}[2J"), at: text.position))
    #expect(
      error.description == "1:17: the key \"a\\u{1b}[2J\" stands twice in one object")
  }

  @Test func aLongKeyIsCutInTheMessage() throws {
    let key = String(repeating: "é", count: 100_000)
    let error = try #require(MarkedText("{\"\(key)\":1,\"\(key)\":2}").error())
    #expect(error.message.utf8.count < 300)
    #expect(error.message.hasPrefix("the key \"ééé"))
  }
}
