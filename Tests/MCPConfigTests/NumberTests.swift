import MCPConfig
import Testing

/// Numbers as RFC 8259 spells them and CPython prints them.
@Suite struct NumberTests {
  @Test(arguments: [
    "‸01", "‸-01", "‸00", "‸-", "‸1.", "‸-1.", "‸1.e5", "‸1e", "‸1e+", "‸1E-", "‸-a", "[‸1.,2]",
    "‸-Infinity", "‸--1", "‸-.5", "{\"a\": ‸0123}",
  ])
  func badSpelling(_ text: String) {
    let text = MarkedText(text)
    #expect(text.error() == JSONError(.badNumber, at: text.position))
  }

  @Test(arguments: ["‸1e400", "[1, ‸-1e400]", "‸1E309", "‸1.8e308", "‸1e99999999999999999999"])
  func noFiniteValue(_ text: String) {
    let text = MarkedText(text)
    #expect(text.error() == JSONError(.numberOutOfRange, at: text.position))
  }

  @Test(arguments: [
    ("0x1", 2), ("1_000", 2), ("1,5", 2), ("0 1", 3), ("1.5.5", 4), ("1e5e5", 4), ("0-", 2),
  ])
  func whatEndsANumberIsTrailing(_ text: String, _ column: Int) {
    #expect(
      MarkedText(text).error()
        == JSONError(.trailingBytes, at: Position(line: 1, column: column)))
  }

  /// CPython refuses to convert longer integers.
  @Test(arguments: ["", "-"])
  func longIntegers(_ sign: String) throws {
    let longest = sign + String(repeating: "9", count: 4300)
    #expect(try canonical(longest) == longest)
    #expect(MarkedText("[\(longest)9]").error()?.reason == .numberOutOfRange)
    // Longer digits after the point lose nothing: they round.
    #expect(
      try canonical(sign + "0." + String(repeating: "3", count: 9000)) == sign
        + "0.3333333333333333")
  }

  @Test(arguments: [
    ("0", "0"), ("-0", "0"), ("-1", "-1"), ("9007199254740993", "9007199254740993"),
    ("123456789012345678901234567890", "123456789012345678901234567890"),
    ("0.0", "0.0"), ("-0.0", "-0.0"), ("0e5", "0.0"), ("-0e5", "-0.0"), ("0e99999999999", "0.0"),
    ("1.0", "1.0"), ("1.10", "1.1"), ("0.1", "0.1"), ("0.10000000000000001", "0.1"),
    ("1E5", "100000.0"), ("1e+5", "100000.0"), ("1e-0", "1.0"), ("100e-2", "1.0"),
    ("1e15", "1000000000000000.0"), ("1e16", "1e+16"), ("1e21", "1e+21"), ("1e22", "1e+22"),
    ("1e100", "1e+100"), ("9999999999999998.0", "9999999999999998.0"),
    ("9999999999999999.0", "1e+16"), ("123456789012345680.0", "1.2345678901234568e+17"),
    ("0.0001", "0.0001"), ("0.00012", "0.00012"), ("1e-5", "1e-05"), ("0.000012", "1.2e-05"),
    ("1e-7", "1e-07"), ("1.5e-10", "1.5e-10"), ("5e-324", "5e-324"), ("4.9e-324", "5e-324"),
    ("2.4703282292062328e-324", "5e-324"), ("2.4703282292062327e-324", "0.0"),
    ("-1e-400", "-0.0"), ("1e-99999999999999999999", "0.0"),
    ("2.2250738585072014e-308", "2.2250738585072014e-308"),
    ("2.2250738585072011e-308", "2.225073858507201e-308"),
    ("1.7976931348623157e308", "1.7976931348623157e+308"),
    ("1.7976931348623158e308", "1.7976931348623157e+308"),
    ("9007199254740993.0", "9007199254740992.0"), ("9007199254740993.00001", "9007199254740994.0"),
    ("5.684341886080801486968994140625E-14", "5.684341886080802e-14"),
    ("3.141592653589793", "3.141592653589793"), ("100.5", "100.5"), ("60000", "60000"),
  ])
  func asCPythonPrintsThem(_ text: String, _ form: String) throws {
    #expect(try canonical(text) == form)
    #expect(try canonical("[\(text),{\"a\":\(text)}]") == "[\(form), {\"a\": \(form)}]")
  }

  @Test(arguments: [
    ("0", 0), ("-0", 0), ("60000", 60000), ("-5", -5), ("9223372036854775807", Int.max),
    ("9223372036854775808", nil), ("1.0", nil), ("1e2", nil), ("\"1\"", nil), ("true", nil),
  ])
  func machineIntegers(_ text: String, _ integer: Int?) throws {
    #expect(try JSON(parsing: Array(text.utf8)).integer == integer)
  }

  /// No text gives such a number, but a caller can make one.
  @Test(arguments: ["NaN", "1e400", "", "e"])
  func aNumberMadeInMemoryNeverTraps(_ spelling: ByteString) {
    #expect(JSON(.number(spelling)).canonicalForm == spelling.bytes)
  }
}
