import Linux
import MCPConfig

/// What enforcing would have restored while targets were only observed.
struct WouldReport {
  struct Entry {
    /// The newest incident, or the target where there was none.
    var told: JSON
    var path: ByteString
    var target: JSON
    var times = 0
    var first: JSON = .null
    var last: JSON = .null
    /// Whether the drift is there now.
    var stands = false
  }

  private(set) var entries: [Entry] = []
  /// How many incidents were looked at, and whether there may be older ones.
  let incidents: Int
  let isCut: Bool
  /// Targets in observe.
  let observed: Int

  /// - Parameter incidents: the newest first, as the daemon lists them.
  init(incidents: [JSON], targets: [JSON]) {
    self.incidents = incidents.count
    isCut = incidents.count >= Incidents.most
    let watched = targets.filter { $0["mode"]?.string == "observe" }
    observed = watched.count
    var places: [ByteString: Int] = [:]
    for incident in incidents where Self.counts(incident) {
      guard let path = incident["path"]?.string else { continue }
      let place = places[path] ?? entries.count
      if place == entries.count {
        places[path] = place
        entries.append(Entry(told: incident, path: path, target: incident["target"] ?? .null))
        entries[place].last = incident["discovered_at"] ?? .null
      }
      entries[place].times += max(incident.number("count") ?? 1, 1)
      entries[place].first = incident["discovered_at"] ?? .null
    }
    for target in watched where target["state"]?.string == "drifted" {
      guard let path = target["path"]?.string else { continue }
      let place = places[path] ?? entries.count
      if place == entries.count {
        entries.append(Entry(told: target, path: path, target: target["name"] ?? .null))
      }
      entries[place].stands = true
    }
  }

  /// What isn't about a target's content, no restore would have ended.
  private static func counts(_ incident: JSON) -> Bool {
    incident["action"]?.string == "reported" && incident["mode"]?.string == "observe"
      && !incident.list("findings").allSatisfy { $0["kind"]?.string == "watch-degraded" }
      && incident["target"]?.string != "baseline"
  }

  var json: JSON {
    [
      "would": .array(entries.map(\.json)), "observed_targets": .int(observed),
      "incidents": .int(incidents), "complete": .bool(!isCut),
    ]
  }
}

extension WouldReport.Entry {
  fileprivate var json: JSON {
    [
      "target": target, "path": .bytes(path), "user": told["user"] ?? .null,
      "uid": told["uid"] ?? .null, "times": .int(times), "first": first, "last": last,
      "stands": .bool(stands), "findings": told["findings"] ?? .array([]),
    ]
  }
}

enum WouldReportText {
  static func text(_ report: WouldReport, _ style: Style, now: WallTime) -> String {
    if report.entries.isEmpty {
      return report.observed == 0
        ? "No target that you may see is in observe."
        : "Enforcing would have restored nothing at \(counted(report.observed, "observed target"))."
    }
    let standing = report.entries.filter(\.stands).count
    var table = Table("TARGET", "USER", "TIMES", "LAST", "STANDS", "PATH")
    for entry in report.entries {
      let last = entry.last.string.map { Moment.text($0.escaped, now: now) } ?? "-"
      table.add(
        .init(entry.target.string?.escaped ?? "?"), .init(entry.told.shown("user") ?? "-"),
        .init("\(entry.times)"), .init(last),
        .init(entry.stands ? "yes" : "no", entry.stands ? .warning : .none),
        .init(entry.path.escaped))
      for finding in entry.told.list("findings") {
        table.add(note: FindingText.text(finding, style))
      }
    }
    var text =
      "Enforcing would have restored \(counted(report.entries.count, "target")); drift stands at "
      + "\(standing).\n\n" + table.text(style)
    if report.isCut {
      text +=
        "\nThere may be older incidents: only the newest \(report.incidents) were looked at.\n"
    }
    return text
  }
}
