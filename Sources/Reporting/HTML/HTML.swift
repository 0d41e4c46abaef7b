/// HTML in which nothing that was interpolated is markup, unless it is HTML itself: so no name can
/// leave the place where it stands.
struct HTML: ExpressibleByStringInterpolation, Sendable {
  private(set) var text: String

  init(stringLiteral text: String) {
    self.text = text
  }

  init(stringInterpolation: Interpolation) {
    text = stringInterpolation.text
  }

  struct Interpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity * 2)
    }

    mutating func appendLiteral(_ literal: String) { text += literal }
    mutating func appendInterpolation(_ html: HTML) { text += html.text }
    mutating func appendInterpolation(_ all: [HTML]) { for html in all { text += html.text } }
    mutating func appendInterpolation(_ plain: String) { text += Markup.escaped(plain) }
    mutating func appendInterpolation(_ number: Int) { text += String(number) }
    /// A length of a drawing, to a tenth.
    mutating func appendInterpolation(_ length: Double) {
      let tenths = Int((length * 10).rounded())
      text += tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
    }
  }

  static func += (left: inout HTML, right: HTML) { left.text += right.text }
}

/// Text as markup has it.
public enum Markup {
  /// For text and for attributes in double quotes.
  public static func escaped(_ plain: String) -> String {
    guard plain.utf8.contains(where: { [0x22, 0x26, 0x27, 0x3C, 0x3E].contains($0) }) else {
      return plain
    }
    var escaped = ""
    for scalar in plain.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
