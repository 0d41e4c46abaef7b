import Glibc

/// How long a verdict takes on a typical file, and whether it stays linear on files made to be slow.
@main
struct JudgeBench {
  static let usage = """
    usage: judge-bench [--json FILE] [--samples N] [--only SHAPE,…]
      --json FILE   the figures as JSON too
      --samples N   how many measurements a median is taken of (51)
      --only …      only these shapes: \(Shape.all.map(\.name).joined(separator: ", "))
    """

  static func main() {
    var json: String?
    var samples = 51
    var shapes = Shape.all
    var rest = CommandLine.arguments.dropFirst()
    while let option = rest.popFirst() {
      let value = option == "--help" ? nil : rest.popFirst()
      switch (option, value) {
      case ("--json", let value?): json = value
      case ("--samples", let value?) where (Int(value) ?? 0) > 0: samples = Int(value)!
      case ("--only", let value?):
        let names = value.split(separator: ",").map(String.init)
        shapes = shapes.filter { names.contains($0.name) }
      default:
        print(usage)
        exit(option == "--help" ? 0 : 2)
      }
    }

    let stopwatch = Stopwatch(samples: samples)
    var report = Report()
    print(report.machine)
    for work in TypicalWork.all { report.add(work.name, stopwatch.time(work.run)) }
    print(report.typicalTable)
    print(Report.header)
    for shape in shapes {
      let row = Shape.sizes.map { size -> Int in
        let pair = shape.pair(size)
        let trial = Trial(pair)
        return stopwatch.time(trial.countFindings).median
      }
      report.add(shape, row)
      print(report.lastLine)
    }
    print(report.summary)
    if let json { write(report.json, to: json) }
  }

  private static func write(_ text: String, to path: String) {
    guard let file = fopen(path, "w"), fputs(text, file) >= 0, fclose(file) == 0 else {
      perror(path)
      exit(1)
    }
  }
}
