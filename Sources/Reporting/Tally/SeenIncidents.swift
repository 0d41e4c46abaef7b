import MCPConfig
import Policy

/// Which incidents were counted, and how severe each was, in nine bytes an incident.
///
/// An incident may be told twice: the journal's writer rather tells it again than loses it, and a
/// folder may hold a file and its copy. Only fingerprints are kept; two incidents of a million share
/// one with a chance of one in thirty million.
struct SeenIncidents {
  /// Zero where there is none.
  private var prints: [UInt64]
  private var severities: [UInt8]
  private(set) var count = 0
  /// Above so many, incidents are no longer compared with those before.
  private let limit: Int

  static let usualLimit = 8_000_000

  init(limit: Int = SeenIncidents.usualLimit) {
    self.limit = limit
    prints = [UInt64](repeating: 0, count: 1024)
    severities = [UInt8](repeating: 0, count: 1024)
  }

  var isFull: Bool { count >= limit }

  static func print(of incident: ByteString, at host: ByteString) -> UInt64 {
    var hasher = Hasher()
    hasher.combine(host)
    hasher.combine(incident)
    let value = UInt64(truncatingIfNeeded: hasher.finalize())
    return value == 0 ? 1 : value
  }

  /// Whether the incident is new.
  mutating func insert(_ print: UInt64, _ severity: Severity) -> Bool {
    let place = place(of: print)
    if prints[place] == print { return false }
    guard !isFull else { return true }
    prints[place] = print
    severities[place] = UInt8(Severity.allCases.firstIndex(of: severity)!)
    count += 1
    if count * 3 > prints.count * 2 { grow() }
    return true
  }

  func severity(_ print: UInt64) -> Severity? {
    let place = place(of: print)
    return prints[place] == print ? Severity.allCases[Int(severities[place])] : nil
  }

  /// Where it is, or the free place where it would be; there is always one.
  private func place(of print: UInt64) -> Int {
    let mask = prints.count - 1
    var place = Int(truncatingIfNeeded: print) & mask
    while prints[place] != 0, prints[place] != print { place = (place + 1) & mask }
    return place
  }

  private mutating func grow() {
    let (oldPrints, oldSeverities) = (prints, severities)
    prints = [UInt64](repeating: 0, count: oldPrints.count * 2)
    severities = [UInt8](repeating: 0, count: oldPrints.count * 2)
    for (index, print) in oldPrints.enumerated() where print != 0 {
      let place = place(of: print)
      prints[place] = print
      severities[place] = oldSeverities[index]
    }
  }
}
