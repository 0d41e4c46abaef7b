import MCPConfig
import Testing

/// How large a document may be, and that the limits are the first that is refused.
@Suite struct LimitTests {
  private func nested(_ levels: Int, _ open: String, _ close: String) -> String {
    String(repeating: open, count: levels) + String(repeating: close, count: levels)
  }

  @Test func depth() {
    #expect(MarkedText(nested(64, "[", "]")).error() == nil)
    #expect(
      MarkedText(nested(65, "[", "]")).error()
        == JSONError(.tooDeep(limit: 64), at: Position(line: 1, column: 65)))
    let objects = String(repeating: "{\"a\":", count: 64) + "{}" + String(repeating: "}", count: 64)
    #expect(
      MarkedText(objects).error()
        == JSONError(.tooDeep(limit: 64), at: Position(line: 1, column: 5 * 64 + 1)))
    // Siblings aren't deeper.
    #expect(
      MarkedText("[" + nested(63, "[", "]") + "," + nested(63, "[", "]") + "]").error() == nil)
    // A million opening brackets need no stack.
    #expect(
      MarkedText(String(repeating: "[", count: 1 << 20)).error()?.reason == .tooDeep(limit: 64))
  }

  @Test func size() {
    let largest = "\"" + String(repeating: "a", count: (1 << 20) - 2) + "\""
    #expect(MarkedText(largest).error() == nil)
    #expect(
      MarkedText(largest + " ").error()
        == JSONError(.tooLarge(limit: 1 << 20), at: Position(line: 1, column: 1)))
  }

  @Test func values() {
    var limits = JSONLimits()
    limits.values = 4
    #expect(MarkedText("[1,2,3]").error(limits: limits) == nil)
    #expect(MarkedText("{\"a\":{\"b\":[]},\"c\":1}").error(limits: limits) == nil)
    let text = MarkedText("[1,2,\n3,‸4]")
    #expect(text.error(limits: limits) == JSONError(.tooMany(limit: 4), at: text.position))
  }

  @Test func valuesOfAWholeFile() {
    let many = "[" + String(repeating: "1,", count: (1 << 16) - 2) + "1]"
    #expect(MarkedText(many).error() == nil)
    #expect(MarkedText("[" + many + "]").error()?.reason == .tooMany(limit: 1 << 16))
  }

  @Test func limitsAreTheCallersToSet() {
    var limits = JSONLimits()
    limits.size = 3
    limits.depth = 1
    #expect(MarkedText("[1]").error(limits: limits) == nil)
    #expect(MarkedText("[1 ]").error(limits: limits)?.reason == .tooLarge(limit: 3))
    limits.size = 100
    #expect(MarkedText("[[]]").error(limits: limits)?.reason == .tooDeep(limit: 1))
  }
}
