/// All that a run found, for people and for programs.
struct Report {
  var machine: Machine
  var options: Options
  var seed: UInt64
  var readyNanoseconds: UInt64
  var results: Results
  var leftBehind: [String]
  var daemonExit: Int32

  var passed: Bool {
    // What a rival misses is a figure like any other.
    if options.rival != nil { return true }
    // Also false if the run ended early, whatever the reason.
    return results.overall.rounds == options.rounds && results.overall.missed == 0
      && results.wrongLater.isEmpty && daemonExit == 0
  }

  var json: String {
    """
    {
      "benchmark": "tamper-bench",
      "rival": \(options.rival.map(Self.quoted) ?? "null"),
      "machine": \(machine.json),
      "homes": \(options.homes),
      "rounds": \(options.rounds),
      "burst": \(options.burst),
      "shared_processor": \(options.processor == nil),
      "spacing_ms": \(options.spacingMilliseconds),
      "timeout_ms": \(options.timeoutMilliseconds),
      "seed": \(seed),
      "ready_us": \(Table.microseconds(readyNanoseconds)),
      "kinds": [
        \(results.rows.map(Self.object).joined(separator: ",\n    "))
      ],
      "overall": \(Self.object(results.overall)),
      "bursts": \(Self.object(Row("burst", results.bursts, missed: 0))),
      "wrong_later": \(Self.list(results.wrongLater)),
      "left_behind": \(Self.list(leftBehind)),
      "daemon_exit": \(daemonExit),
      "passed": \(passed)
    }

    """
  }

  private static func object(_ row: Row) -> String {
    let figures = zip(Row.figureNames, row.figures).map { name, figure in
      "\"\(name)_us\": \(figure.map { Table.microseconds($0) } ?? "null")"
    }
    let counts = "\"rounds\": \(row.rounds), \"missed\": \(row.missed)"
    return "{\"kind\": \(quoted(row.name)), \(counts), \(figures.joined(separator: ", "))}"
  }

  private static func list(_ texts: [String]) -> String {
    "[\(texts.map(quoted).joined(separator: ", "))]"
  }

  static func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case " "...: String(scalar)
      default: "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      }
    }
    return "\"\(escaped.joined())\""
  }
}
