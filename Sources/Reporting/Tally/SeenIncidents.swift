import MCPConfig
import Policy

/// Which incidents were counted, how severe each was and how soon someone responded, in 17 bytes an
/// incident.
///
/// An incident may be told twice: the journal's writer rather tells it again than loses it, and a
/// folder may hold a file and its copy. Only fingerprints are kept; two incidents of a million share
/// one with a chance of one in thirty million.
struct SeenIncidents {
  /// Zero where there is none.
  private var prints: [UInt64]
  /// The severity's place among all, and `unknown` for an incident that only a response named so far.
  private var severities: [UInt8]
  /// Microseconds until the first response, doubled, plus one if the incident was resolved; -1 while
  /// nobody responded.
  private var responses: [Int64]
  private(set) var count = 0
  /// Above so many, incidents are no longer compared with those before, and responses are lost.
  private let limit: Int

  static let usualLimit = 8_000_000
  private static let unknown: UInt8 = 255
  private static let longestDelay: Int64 = 1 << 60

  init(limit: Int = SeenIncidents.usualLimit) {
    self.limit = limit
    prints = [UInt64](repeating: 0, count: 1024)
    severities = [UInt8](repeating: Self.unknown, count: 1024)
    responses = [Int64](repeating: -1, count: 1024)
  }

  static func print(of incident: ByteString, at host: ByteString) -> UInt64 {
    var hasher = Hasher()
    hasher.combine(host)
    hasher.combine(incident)
    let value = UInt64(truncatingIfNeeded: hasher.finalize())
    return value == 0 ? 1 : value
  }

  /// Whether the incident is new.
  mutating func insert(_ print: UInt64, _ severity: Severity) -> Bool {
    guard let place = makePlace(for: print) else { return true }
    guard severities[place] == Self.unknown else { return false }
    severities[place] = UInt8(Severity.allCases.firstIndex(of: severity)!)
    return true
  }

  /// Notes a response; false if there is no room for it. It may come before its incident's record, when
  /// files are read one after the other.
  mutating func respond(_ print: UInt64, after microseconds: Int64, isResolved: Bool) -> Bool {
    guard let place = makePlace(for: print) else { return false }
    let delay = min(max(microseconds, 0), Self.longestDelay)
    let known = responses[place]
    let first = known < 0 ? delay : min(delay, known >> 1)
    responses[place] = first << 1 | (known < 0 ? 0 : known & 1) | (isResolved ? 1 : 0)
    return true
  }

  func severity(_ print: UInt64) -> Severity? { severity(at: place(of: print)) }

  /// Each incident that was counted and responded to.
  func forEachResponse(_ body: (Severity, _ microseconds: Int64, _ isResolved: Bool) -> Void) {
    for place in responses.indices where responses[place] >= 0 {
      if let severity = severity(at: place) {
        body(severity, responses[place] >> 1, responses[place] & 1 == 1)
      }
    }
  }

  private func severity(at place: Int) -> Severity? {
    prints[place] == 0 || severities[place] == Self.unknown
      ? nil : Severity.allCases[Int(severities[place])]
  }
}

// MARK: The table

extension SeenIncidents {
  /// Where it is, or a free place that is its from now on; nil when there is no more room.
  private mutating func makePlace(for print: UInt64) -> Int? {
    let place = place(of: print)
    if prints[place] == print { return place }
    guard count < limit else { return nil }
    prints[place] = print
    count += 1
    guard count * 4 > prints.count * 3 else { return place }
    grow()
    return self.place(of: print)
  }

  /// Where it is, or the free place where it would be; there is always one.
  private func place(of print: UInt64) -> Int {
    let mask = prints.count - 1
    var place = Int(truncatingIfNeeded: print) & mask
    while prints[place] != 0, prints[place] != print { place = (place + 1) & mask }
    return place
  }

  private mutating func grow() {
    let (oldPrints, oldSeverities, oldResponses) = (prints, severities, responses)
    prints = [UInt64](repeating: 0, count: oldPrints.count * 2)
    severities = [UInt8](repeating: Self.unknown, count: oldPrints.count * 2)
    responses = [Int64](repeating: -1, count: oldPrints.count * 2)
    for (index, print) in oldPrints.enumerated() where print != 0 {
      let place = place(of: print)
      prints[place] = print
      severities[place] = oldSeverities[index]
      responses[place] = oldResponses[index]
    }
  }
}
