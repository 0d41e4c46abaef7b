import MCPConfig
import Testing

/// Of two equal keys some parsers keep the first and some the last, so there must be none.
@Suite struct DuplicateKeyTests {
  @Test(arguments: [
    ("{\"a\":1,‸\"a\":1}", "a"),
    ("{\"mcpServers\":{},\n ‸\"mcpServers\":{}}", "mcpServers"),
    ("{\"x\":{\"y\":{\"command\":1,‸\"\\u0063ommand\":2}}}", "command"),
    ("{\"\":1,‸\"\":2}", ""),
    ("{\"\\/\":1,‸\"/\":2}", "/"),
    ("{\"😀\":1,‸\"\\ud83d\\ude00\":2}", "😀"),
    ("{\"\\n\":1,‸\"\\u000A\":2}", "\n"),
    ("[{},{\"a\":{\"a\":1},‸\"a\":2}]", "a"),
    ("{\"a\":1,\"b\":2,\"c\":3,‸\"b\":[[", "b"),
  ])
  func twice(_ text: String, _ key: ByteString) {
    let text = MarkedText(text)
    #expect(text.error() == JSONError(.duplicateKey(key), at: text.position))
  }

  @Test(arguments: [
    "{\"a\":1,\"A\":2}", "{\"a\":{\"a\":{\"a\":1}}}", "[{\"a\":1},{\"a\":1}]",
    "{\"a\":1,\"a \":2,\"a\\u0000\":3}",
    // The same to Unicode, two keys in bytes: é in one code point and in two, K and the Kelvin sign.
    "{\"\\u00e9\":1,\"e\\u0301\":2}", "{\"K\":1,\"\\u212a\":2}",
  ])
  func different(_ text: String) {
    #expect(MarkedText(text).error() == nil)
  }

  /// The parser keeps a set of the keys from the seventeenth on.
  @Test(arguments: [1, 2, 15, 16, 17, 18, 40, 1000], [0, 14, 15, 16, 17, 39])
  func inObjectsOfEverySize(_ count: Int, _ first: Int) {
    let keys = (0..<count).map { "k\($0)" }
    let members = keys.map { "\"\($0)\":0" }.joined(separator: ",")
    #expect(MarkedText("{\(members)}").error() == nil)
    guard first < count else { return }
    let text = MarkedText("{\(members),‸\"\\u006b\(first)\":1}")
    #expect(
      text.error() == JSONError(.duplicateKey(ByteString("k\(first)")), at: text.position))
  }
}
