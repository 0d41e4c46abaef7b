import Glibc
import Linux
import MCPConfig

/// The file in which the lives of incidents outlast the daemon: one change a line, appended; written
/// anew when most of its lines no longer count.
///
/// A line that a crash cut off is the last, and was never promised to anyone.
struct LifeFile: ~Copyable {
  private let folder: Descriptor
  /// Where lines are appended; nil after a failure, which may have left half a line.
  private var tail: Descriptor?

  static let name: FilePath = "life.jsonl"
  /// What can't be read is put aside under the first of these names that is free, or else the last.
  static let damagedNames: [FilePath] = [
    "life.damaged", "life.damaged.2", "life.damaged.3", "life.damaged.4",
  ]
  /// Far above what is ever written.
  static let sizeLimit = 64 << 20

  init(folder: consuming Descriptor) {
    self.folder = folder
  }

  struct Content {
    var changes: [IncidentLife.Change] = []
    /// Why not all of it could be read.
    var damage: String?
  }

  /// What is stored. Lines that can't be read are passed over: the rest holds.
  func load() -> Content {
    var content = Content()
    let bytes: [UInt8]
    do throws(SystemError) {
      guard let status = try folder.statusIfExists(of: Self.name) else { return content }
      guard status.type == .regular else {
        content.damage = "is a \(status.type.rawValue), and no file"
        return content
      }
      guard let stored = try folder.readFile(Self.name, limit: Self.sizeLimit) else {
        return content
      }
      bytes = stored
    } catch {
      content.damage = "can't be read (\(error.reason))"
      return content
    }
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // Nothing stands after the last line feed, or what a crash cut off.
    lines.removeLast()
    let header = lines.isEmpty ? nil : LifeLine.version(of: lines.removeFirst())
    guard header == LifeLine.version else {
      // It is put in its place whole, and with its header.
      content.damage = bytes.isEmpty ? "is empty" : "isn't of this version"
      return content
    }
    content.changes = lines.compactMap(LifeLine.change)
    let bad = lines.count - content.changes.count
    if bad > 0 { content.damage = "has \(bad) of \(lines.count) lines that can't be read" }
    return content
  }

  /// Keeps what can't be read for whoever wants to know why: the oldest, and the newest.
  /// - Returns: the name it has now; nil if it has none.
  func putAside() -> String? {
    for name in Self.damagedNames {
      let isLast = name == Self.damagedNames.last
      do throws(SystemError) {
        try folder.rename(
          Self.name, to: folder, name, replacing: isLast ? .anything : .nothing)
        return name.text
      } catch {
        if error.errno != EEXIST || isLast { return nil }
      }
    }
    return nil
  }

  /// Puts these in place of all that was stored.
  mutating func rewrite(_ incidents: [TrackedIncident]) throws(SystemError) {
    tail = nil
    var bytes = LifeLine.header
    for incident in incidents { bytes += LifeLine.bytes(.keep(incident)) }
    try folder.writeAtomically(Self.name, bytes)
    tail = try folder.open(Self.name, O_WRONLY | O_APPEND)
  }

  mutating func append(_ changes: [IncidentLife.Change]) throws(SystemError) {
    guard let file = tail.take() else { throw SystemError("append", Self.name.text, errno: EIO) }
    var bytes: [UInt8] = []
    for change in changes { bytes += LifeLine.bytes(change) }
    try file.writeAll(bytes)
    try file.sync()
    tail = consume file
  }
}

/// One line of the file.
enum LifeLine {
  static let version = 1
  static let header = JSON.object([("version", .int(version))]).compactForm + [0x0A]

  static func bytes(_ change: IncidentLife.Change) -> [UInt8] {
    let json: JSON =
      switch change {
      case .keep(let incident): incident.stored
      case .forget(let id): ["forgot": .text(id)]
      }
    return json.compactForm + [0x0A]
  }

  static func version(of line: ArraySlice<UInt8>) -> Int? {
    (try? JSON(parsing: Array(line)))?["version"]?.integer
  }

  static func change(_ line: ArraySlice<UInt8>) -> IncidentLife.Change? {
    guard let json = try? JSON(parsing: Array(line)) else { return nil }
    if let id = json["forgot"]?.string { return .forget(id: id.text) }
    return TrackedIncident(stored: json).map { .keep($0) }
  }
}
