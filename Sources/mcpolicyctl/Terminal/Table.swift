/// Rows in aligned columns.
struct Table {
  struct Cell {
    var text: String
    var tint: Style.Tint

    init(_ text: String, _ tint: Style.Tint = .none) {
      self.text = text
      self.tint = tint
    }

    /// A word that has a colour of its own.
    init(word: String) {
      self.init(word, Style.Tint(word: word))
    }
  }

  private enum Line {
    case row([Cell])
    case note(String)
  }

  private let headings: [String]
  private var lines: [Line] = []

  init(_ headings: String...) {
    self.headings = headings
  }

  mutating func add(_ cells: Cell...) {
    lines.append(.row(cells))
  }

  /// A line that belongs to the row above it, outside of the columns.
  mutating func add(note: String) {
    lines.append(.note(note))
  }

  func text(_ style: Style) -> String {
    let heading = Line.row(headings.map { Cell($0, .faint) })
    var widths = [Int](repeating: 0, count: headings.count)
    for case .row(let cells) in [heading] + lines {
      for (column, cell) in cells.enumerated() {
        widths[column] = max(widths[column], DisplayWidth.of(cell.text))
      }
    }
    return ([heading] + lines).map { line in
      switch line {
      case .note(let note): "  \(note)\n"
      case .row(let cells): row(cells, widths, style) + "\n"
      }
    }.joined()
  }

  private func row(_ cells: [Cell], _ widths: [Int], _ style: Style) -> String {
    var row = ""
    for (column, cell) in cells.enumerated() {
      row += style.paint(cell.text, cell.tint)
      if column < cells.count - 1 {
        row += String(repeating: " ", count: widths[column] - DisplayWidth.of(cell.text) + 2)
      }
    }
    return row
  }
}

/// How many columns of a terminal a text takes.
enum DisplayWidth {
  static func of(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + of($1) }
  }

  static func of(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: 0
    default: wide.contains { $0 ~= scalar.value } ? 2 : 1
    }
  }

  /// The large blocks of East Asian Width "W" and "F" (UAX #11), and emoji.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD,
  ]
}
