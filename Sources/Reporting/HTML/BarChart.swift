import Policy

/// Named figures as horizontal bars, each with its number beside it.
struct BarChart {
  struct Bar {
    var name: String
    /// Lengths one after the other, by the class of the style sheet.
    var parts: [(style: String, amount: Int)]
    /// What stands beside the bar.
    var note: String
    /// What the full length stands for, where it isn't the largest of all bars.
    var whole: Int?

    var total: Int { parts.reduce(0) { $0 + $1.amount } }
  }

  let id: String
  let title: String
  /// Where the figures stand as text.
  let table: String
  let bars: [Bar]
  /// Whether each bar shows shares of a whole of its own.
  var isShares = false

  private static let width = 720.0
  private static let name = 170.0
  private static let note = 120.0
  private static let row = 24.0

  var html: HTML {
    let most = bars.map(\.total).max() ?? 0
    let height = Self.row * Double(bars.count) + 4
    let said = bars.map { "\($0.name) \($0.note)" }.joined(separator: ", ")
    var drawn: HTML = ""
    for (index, bar) in bars.enumerated() { drawn += draw(bar, Double(index), most) }
    return """
      <svg viewBox="0 0 \(Self.width) \(height)" role="img" aria-labelledby="\(id)-title \(id)-desc">
      <title id="\(id)-title">\(title)</title>
      <desc id="\(id)-desc">\(said). The figures stand in the table \(table).</desc>
      \(drawn)</svg>

      """
  }

  private func draw(_ bar: Bar, _ index: Double, _ most: Int) -> HTML {
    let y = Self.row * index
    let whole = bar.whole ?? most
    let room = Self.width - Self.name - Self.note
    var x = Self.name
    var html: HTML = """
      <text class="name" x="\(Self.name - 10)" y="\(y + 16)" text-anchor="end">\(bar.name)</text>

      """
    if isShares {
      html += """
        <rect class="empty" x="\(x)" y="\(y + 4)" width="\(room)" height="16"/>

        """
    }
    for part in bar.parts where part.amount > 0 {
      let length = room * Double(part.amount) / Double(max(whole, 1))
      html += """
        <rect class="\(part.style)" x="\(x)" y="\(y + 4)" width="\(max(length, 1))" height="16"/>

        """
      x += length
    }
    let end = isShares ? Self.name + room : x
    html += """
      <text class="note" x="\(end + 8)" y="\(y + 16)">\(bar.note)</text>

      """
    return html
  }
}
