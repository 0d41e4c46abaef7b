import Policy

/// Incidents by day as stacked columns.
struct DayChart {
  private let bars: [ReportDocument.Row]
  private let daysPerBar: Int

  private static let width = 720.0
  private static let height = 210.0
  private static let left = 44.0
  private static let right = 18.0
  private static let bottom = 26.0
  private static let top = 10.0
  private static let mostBars = 124

  init(_ days: [ReportDocument.Row]) {
    let perBar = (days.count + Self.mostBars - 1) / Self.mostBars
    daysPerBar = perBar
    bars = stride(from: 0, to: days.count, by: max(perBar, 1)).map { start in
      var row = days[start]
      for day in days[(start + 1)..<min(start + perBar, days.count)] { row.counts += day.counts }
      return row
    }
  }

  var html: HTML {
    let top = Scale(upTo: bars.map(\.counts.total).max() ?? 0)
    let busiest = bars.max { $0.counts.total < $1.counts.total }
    let said =
      busiest.map { "The most were \(ReportText.number($0.counts.total)), from \($0.name)." } ?? ""
    let unit = daysPerBar == 1 ? "day" : "\(daysPerBar) days"
    return """
      <figure>
      <svg viewBox="0 0 \(Self.width) \(Self.height)" role="img" aria-labelledby="days-title days-desc">
      <title id="days-title">Incidents by \(unit) and severity</title>
      <desc id="days-desc">\(said) The figures stand in the table Incidents by day.</desc>
      \(grid(top))\(columns(top))\(labels)</svg>
      <figcaption>Incidents by \(unit) in UTC. \(Self.legend)</figcaption>
      </figure>

      """
  }

  static var legend: HTML {
    let entries: [HTML] = ReportText.severities.map {
      "<span><span class=\"key \($0.rawValue)\"></span>\($0.rawValue)</span> "
    }
    return "<span class=\"legend\">\(entries)</span>"
  }

  private var plotHeight: Double { Self.height - Self.bottom - Self.top }
  private var step: Double { (Self.width - Self.left - Self.right) / Double(max(bars.count, 1)) }

  private func grid(_ scale: Scale) -> HTML {
    var html: HTML = ""
    for tick in scale.ticks {
      let y = Self.top + plotHeight * (1 - scale.share(tick))
      html += """
        <line class="grid" x1="\(Self.left)" x2="\(Self.width - Self.right)" y1="\(y)" y2="\(y)"/>
        <text class="tick" x="\(Self.left - 6)" y="\(y + 3.5)" text-anchor="end">\(ReportText.number(tick))</text>

        """
    }
    return html
  }

  private func columns(_ scale: Scale) -> HTML {
    var html: HTML = ""
    let thickness = max(step * 0.72, 1)
    for (index, bar) in bars.enumerated() {
      var y = Self.top + plotHeight
      // The worst at the foot, where columns compare best.
      for severity in ReportText.severities where bar.counts[severity] > 0 {
        let length = plotHeight * scale.share(bar.counts[severity])
        y -= length
        let x = Self.left + step * Double(index) + (step - thickness) / 2
        html += """
          <rect class="\(severity.rawValue)" x="\(x)" y="\(y)" width="\(thickness)" height="\(length)"/>

          """
      }
    }
    return html
  }

  /// As many days as there is room for, such as `31 Jan`.
  private var labels: HTML {
    let every = max((bars.count + 11) / 12, 1)
    var html: HTML = ""
    for (index, bar) in bars.enumerated() where index % every == 0 {
      let x = Self.left + step * (Double(index) + 0.5)
      html += """
        <text class="tick" x="\(x)" y="\(Self.height - 8)" text-anchor="middle">\(Self.short(bar.name))</text>

        """
    }
    return html
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func short(_ day: String) -> String {
    let parts = day.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3, 1...12 ~= parts[1] else { return day }
    return "\(parts[2]) \(months[parts[1] - 1])"
  }
}

/// Round figures up to one that holds all.
struct Scale {
  let ticks: [Int]

  init(upTo most: Int) {
    var step = 1
    var factors = [2, 5, 10].makeIterator()
    var power = 1
    while step * 4 < most {
      guard let factor = factors.next() else {
        power *= 10
        factors = [2, 5, 10].makeIterator()
        continue
      }
      step = power * factor
    }
    let count = max((most + step - 1) / step, 1)
    ticks = (0...count).map { $0 * step }
  }

  /// From 0 to 1.
  func share(_ amount: Int) -> Double { Double(amount) / Double(ticks.last ?? 1) }
}
