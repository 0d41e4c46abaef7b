import MCPConfig
import Testing

/// What the two dialects take, and where they part.
@Suite struct DialectTests {
  @Test(arguments: [
    ("‸// c\n{}", JSONError.Reason.comment),
    ("{}‸// c", .comment),
    ("{\"a\"‸/* c */:1}", .comment),
    ("[1 ‸/**/]", .comment),
    ("[1‸,]", .trailingComma),
    ("{\"a\":1‸,}", .trailingComma),
    ("{\"a\":1 ‸, \n}", .trailingComma),
    ("[[1]‸,]", .trailingComma),
  ])
  func onlyWithComments(_ text: String, _ reason: JSONError.Reason) {
    let text = MarkedText(text)
    #expect(text.error() == JSONError(reason, at: text.position))
    #expect(text.error(.comments) == nil)
  }

  @Test(arguments: [
    ("‸", JSONError.Reason.empty),
    ("// c‸", .empty),
    ("/* c */\n‸", .empty),
    ("{}‸/*", .unterminatedComment),
    ("‸/* {}", .unterminatedComment),
    ("[1, ‸/* *", .unterminatedComment),
    ("‸/*/ {}", .unterminatedComment),
    ("{}‸/", .trailingBytes),
    ("[1‸/]", .unexpected(found: "\"/\"", wanted: "\",\" or \"]\"")),
    ("[‸,]", .unexpected(found: "\",\"", wanted: "a value")),
    ("[1,‸,]", .unexpected(found: "\",\"", wanted: "a value")),
    ("{‸,}", .unexpected(found: "\",\"", wanted: "a key in quotes")),
    ("{\"a\":1,‸,}", .unexpected(found: "\",\"", wanted: "a key in quotes")),
    ("/* /* */ ‸*/ {}", .unexpected(found: "\"*\"", wanted: "a value")),
    ("‸# c\n{}", .unexpected(found: "\"#\"", wanted: "a value")),
    ("‸'a'", .unexpected(found: "\"'\"", wanted: "a value")),
    ("{}‸,", .trailingBytes),
    ("{\"a\":1, /* c */ ‸\"a\":2}", .duplicateKey("a")),
    ("‸⟨ef bb bf⟩{}", .byteOrderMark),
  ])
  func neitherDialect(_ text: String, _ reason: JSONError.Reason) {
    let text = MarkedText(text)
    #expect(text.error(.comments) == JSONError(reason, at: text.position))
    #expect(text.error(.strict) != nil)
  }

  @Test(arguments: [
    ("// c\r{}", "{}"),
    ("// c\r\n{}//", "{}"),
    ("/***/[1,/* ] */2,]", "[1, 2]"),
    ("{/* /* */ \"a\"/**/:/**/1/**/,/**/}", "{\"a\": 1}"),
    ("/*\n// */ null", "null"),
    ("[// ]\n]", "[]"),
    ("[\"// no\", \"/* comment */\",]", "[\"// no\", \"/* comment */\"]"),
    ("// é 😀 \u{2028}\n1", "1"),
  ])
  func comments(_ text: String, _ form: String) throws {
    #expect(try canonical(text, as: .comments) == form)
  }

  /// Whatever is strict JSON is the same value in the other dialect.
  @Test func strictTextsMeanTheSame() throws {
    for seed in 1...200 {
      let text = Array(DocumentGenerator(seed: UInt64(seed)).text().utf8)
      let strict = try JSON(parsing: text)
      let comments = try JSON(parsing: text, as: .comments)
      #expect(strict.canonicalForm == comments.canonicalForm)
    }
  }
}
