/// A table with a caption, and headers that name their scope.
struct HTMLTable {
  struct Column {
    var title: String
    var isNumber: Bool

    static func text(_ title: String) -> Column { Column(title: title, isNumber: false) }
    static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }
  }

  let caption: String
  let columns: [Column]
  private var rows: [HTML] = []
  private var foot: HTML = ""
  /// A class of the style sheet.
  var style = ""

  init(_ caption: String, _ columns: [Column]) {
    self.caption = caption
    self.columns = columns
  }

  /// The first cell is the row's header.
  mutating func add(html cells: [HTML]) { rows.append(row(cells)) }

  mutating func add(_ cells: [String]) { rows.append(row(escaped(cells))) }

  /// The sum below the others.
  mutating func add(sum cells: [String]) { foot += row(escaped(cells)) }

  /// Words and times stay whole; a name as long as its user liked may break anywhere.
  private func escaped(_ cells: [String]) -> [HTML] {
    zip(cells, columns).map { cell, column in
      if column.isNumber { return "\(cell)" }
      if cell.split(separator: " ").contains(where: { $0.utf8.count > 24 }) {
        return "<span class=\"long\">\(cell)</span>"
      }
      let isWhole = cell.utf8.count <= 16 || !cell.contains(" ")
      return isWhole ? "<span class=\"whole\">\(cell)</span>" : "\(cell)"
    }
  }

  private func row(_ cells: [HTML]) -> HTML {
    var html: HTML = "<tr>"
    for (index, cell) in cells.enumerated() {
      let style: HTML = columns[index].isNumber ? " class=\"n\"" : ""
      html += index == 0 ? "<th scope=\"row\"\(style)>\(cell)</th>" : "<td\(style)>\(cell)</td>"
    }
    html += "</tr>\n"
    return html
  }

  /// So short that it needn't be cut by a page's end.
  private var isShort: Bool { rows.count <= 14 && style.isEmpty }

  var html: HTML {
    if rows.isEmpty { return "<p class=\"none\">\(caption): none.</p>\n" }
    let headings: [HTML] = columns.map {
      let style: HTML = $0.isNumber ? " class=\"n\"" : ""
      return "<th scope=\"col\"\(style)>\($0.title)</th>"
    }
    let foot: HTML = foot.text.isEmpty ? "" : "<tfoot>\(foot)</tfoot>"
    return """
      <table class="\(style)\(isShort ? " short" : "")">
      <caption>\(caption)</caption>
      <thead><tr>\(headings)</tr></thead>
      <tbody>
      \(rows)</tbody>
      \(foot)</table>

      """
  }
}
