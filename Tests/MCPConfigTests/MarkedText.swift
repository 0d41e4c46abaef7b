import MCPConfig

/// A text with a mark where an error is expected: `‸` stands before the byte it is about, and `⟨ff 00⟩`
/// for raw bytes. Both are taken out before parsing.
struct MarkedText {
  var bytes: [UInt8] = []
  /// Where the mark stood; the start if there is none.
  var position = Position(line: 1, column: 1)

  init(_ text: String) {
    var line = 1
    var column = 1
    var hexadecimal: String?
    for scalar in text.unicodeScalars {
      switch scalar {
      case "‸":
        position = Position(line: line, column: column)
      case "⟨":
        hexadecimal = ""
      case "⟩":
        let raw = (hexadecimal ?? "").split(separator: " ").compactMap { UInt8($0, radix: 16) }
        bytes += raw
        column += raw.count { $0 & 0xC0 != 0x80 }
        hexadecimal = nil
      default:
        if hexadecimal != nil {
          hexadecimal?.unicodeScalars.append(scalar)
          continue
        }
        bytes += Array(String(scalar).utf8)
        (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
      }
    }
  }

  /// The error of parsing it; nil if it is JSON of that dialect.
  func error(_ dialect: JSONDialect = .strict, limits: JSONLimits = JSONLimits()) -> JSONError? {
    do throws(JSONError) {
      _ = try JSON(parsing: bytes, as: dialect, limits: limits)
      return nil
    } catch {
      return error
    }
  }
}

/// The canonical form of a text, in words.
func canonical(_ text: String, as dialect: JSONDialect = .strict) throws -> String {
  let value = try JSON(parsing: MarkedText(text).bytes, as: dialect)
  return String(decoding: value.canonicalForm, as: UTF8.self)
}
