import Glibc

/// The figures, for people and as JSON.
struct Report {
  private struct Typical {
    var name: String
    var figures: Stopwatch.Figures
  }

  private struct Growth {
    var name: String
    var nanoseconds: [Int]

    /// The power of the size that the time grows with, from 64 KiB up: 1 is linear.
    var exponent: Double {
      let from = Shape.sizes.firstIndex { $0 >= 64 << 10 } ?? 0
      let times = Double(nanoseconds.last!) / Double(nanoseconds[from])
      return log(times) / log(Double(Shape.sizes.last!) / Double(Shape.sizes[from]))
    }

    var perByte: [Double] {
      zip(nanoseconds, Shape.sizes).map { Double($0) / Double($1) }
    }
  }

  private var typical: [Typical] = []
  private var growths: [Growth] = []

  mutating func add(_ name: String, _ figures: Stopwatch.Figures) {
    typical.append(Typical(name: name, figures: figures))
  }

  mutating func add(_ shape: Shape, _ nanoseconds: [Int]) {
    growths.append(Growth(name: shape.name, nanoseconds: nanoseconds))
  }
}

extension Report {
  var machine: String {
    var loads = [0.0, 0.0, 0.0]
    getloadavg(&loads, 3)
    let processors = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    return "\(processors) processors, load \(Self.decimal(loads[0], 2))"
  }

  var typicalTable: String {
    let header = Self.line("1 KiB, four servers", ["median µs", "least µs", "p95 µs"])
    let lines = typical.map { work in
      let figures = [work.figures.median, work.figures.least, work.figures.p95]
      return Self.line(work.name, figures.map { Self.decimal(Double($0) / 1000, 1) })
    }
    return ([header] + lines).joined(separator: "\n") + "\n"
  }

  static let header = line(
    "ns a byte, by size", Shape.sizes.map { "\(($0 + 1023) >> 10) KiB" } + ["exponent"])

  var lastLine: String {
    guard let last = growths.last else { return "" }
    return Self.line(
      last.name,
      last.perByte.map { Self.decimal($0, 1) } + [Self.decimal(last.exponent, 2)])
  }

  var summary: String {
    let slowest = typical.map(\.figures.median).max() ?? 0
    let steepest = growths.max { $0.exponent < $1.exponent }
    let growth = steepest.map { "\(Self.decimal($0.exponent, 2)) (\($0.name))" } ?? "-"
    return """

      slowest typical file: \(Self.decimal(Double(slowest) / 1000, 1)) µs
      steepest growth: size to the power of \(growth)
      """
  }

  var json: String {
    let files = typical.map {
      """
      {"name": "\($0.name)", "median_ns": \($0.figures.median), "least_ns": \($0.figures.least), \
      "p95_ns": \($0.figures.p95)}
      """
    }
    let shapes = growths.map {
      """
      {"shape": "\($0.name)", "median_ns": \($0.nanoseconds), \
      "exponent": \(Self.decimal($0.exponent, 3))}
      """
    }
    return """
      {
        "typical": [
          \(files.joined(separator: ",\n    "))
        ],
        "sizes": \(Shape.sizes),
        "growth": [
          \(shapes.joined(separator: ",\n    "))
        ]
      }

      """
  }

  private static func line(_ name: String, _ cells: [String]) -> String {
    let columns = cells.map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }
    return name + String(repeating: " ", count: max(1, 30 - name.count)) + columns.joined()
  }

  private static func decimal(_ value: Double, _ places: Int) -> String {
    var unit = 1
    for _ in 0..<places { unit *= 10 }
    let scaled = Int((value.magnitude * Double(unit)).rounded())
    let fraction = String(scaled % unit + unit).dropFirst()
    return "\(value < 0 ? "-" : "")\(scaled / unit).\(fraction)"
  }
}
