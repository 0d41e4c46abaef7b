/// Numbers as CPython's `json` reads and prints them.
enum CanonicalNumber {
  /// Python makes an `int` of a number without fraction and exponent, and a `float` of the others.
  static func isInteger(_ spelling: ByteString) -> Bool {
    !spelling.bytes.contains { $0 == 0x2E || $0 | 0x20 == 0x65 }
  }

  /// Whether Python's value of it is finite: `1e400` is `inf` there, which isn't JSON any more.
  static func isFinite(_ spelling: ByteString) -> Bool {
    isInteger(spelling) || Double(spelling.text)?.isFinite == true
  }

  static func print(_ spelling: ByteString) -> [UInt8] {
    if isInteger(spelling) {
      return spelling == "-0" ? [UInt8(ascii: "0")] : spelling.bytes
    }
    // The tokenizer lets no other spelling through; one made in memory stands as it is.
    guard let value = Double(spelling.text), value.isFinite else { return spelling.bytes }
    return Array(pythonRepr(value).utf8)
  }

  /// CPython's `repr` of a finite float: the shortest digits that read back as the same value, with
  /// an exponent where it is below -4 or at least 16 (`float_repr_style` "short").
  static func pythonRepr(_ value: Double) -> String {
    let (digits, exponent) = shortestDigits(of: value.magnitude)
    let sign = value.sign == .minus ? "-" : ""
    if exponent < -4 || exponent >= 16 {
      let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
      let magnitude = String(exponent.magnitude)
      let padded = magnitude.utf8.count < 2 ? "0" + magnitude : magnitude
      return "\(sign)\(digits.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")\(padded)"
    }
    if exponent < 0 {
      return "\(sign)0.\(String(repeating: "0", count: -exponent - 1))\(digits)"
    }
    let whole = digits.prefix(exponent + 1)
    let zeros = String(repeating: "0", count: exponent + 1 - whole.count)
    let fraction = digits.dropFirst(exponent + 1)
    return "\(sign)\(whole)\(zeros).\(fraction.isEmpty ? "0" : fraction)"
  }

  /// The significant digits, and the power of ten of the first one.
  ///
  /// `Double.description` gives the shortest digits that read back, and of those the closest to the
  /// value, as CPython's does; only where it puts the point differs.
  private static func shortestDigits(of magnitude: Double) -> (digits: String, exponent: Int) {
    let parts = magnitude.description.split(separator: "e")
    let point = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let whole = String(point[0])
    let all = whole + (point.count > 1 ? String(point[1]) : "")
    var exponent = whole.utf8.count - 1 + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    let leadingZeros = all.prefix { $0 == "0" }.count
    guard leadingZeros < all.count else { return ("0", 0) }
    exponent -= leadingZeros
    var digits = all.dropFirst(leadingZeros)
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    return (String(digits), exponent)
  }
}
