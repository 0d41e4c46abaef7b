import Foundation
import MCPConfig
import Support

/// The incidents as they come, read from the daemon's log, which is emptied now and then.
struct Told {
  private let log: String
  private var offset: UInt64 = 0
  private var rest: [UInt8] = []
  /// Since the last `forget`.
  private(set) var incidents: [ToldIncident] = []
  private(set) var total = 0
  /// What the records of this run of the daemon stand for together.
  var counted = 0

  init(log: String) {
    self.log = log
  }

  mutating func follow() {
    guard let file = FileHandle(forReadingAtPath: log) else { return }
    defer { try? file.close() }
    try? file.seek(toOffset: offset)
    guard let data = try? file.readToEnd(), !data.isEmpty else { return }
    offset += UInt64(data.count)
    rest += data
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let line = Array(rest[..<end])
      rest.removeFirst(end + 1)
      guard let fields = try? JSON(parsing: line), fields["MCPOLICY_INCIDENT"] != nil else {
        continue
      }
      incidents.append(ToldIncident(fields: fields))
      total += 1
      counted += Int(fields["MCPOLICY_COUNT"]?.string?.text ?? "") ?? 1
    }
  }

  /// Between two rounds, when nothing is being told.
  mutating func forget() {
    incidents = []
    if offset > 1 << 20, rest.isEmpty, truncate(log, 0) == 0 { offset = 0 }
  }

  func tells(_ drift: MarkedDrift) -> Bool {
    incidents.contains { $0.values("SHA256_FOUND").contains(drift.sha256) }
  }
}
