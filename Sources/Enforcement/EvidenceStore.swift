import Glibc
import Linux
import MCPConfig
import Policy

/// The rejected bytes, kept for root only, each once, under their SHA-256; beside them one line for
/// each time they were seen.
///
/// Bounded by count, bytes and age, so that no user can fill the disk; the oldest of who has most goes
/// first, so that no user's flood washes away another's.
struct EvidenceStore {
  private let folder: SharedFolder
  private var kept: [Entry] = []

  private struct Entry {
    var name: FilePath
    var size: Int
    /// Whose target it was found at; nil for the host's.
    var user: UInt32?
    /// Microseconds since the epoch.
    var since: Int64
  }

  static let countLimit = 4096
  static let byteLimit = 256 << 20
  static let ageLimitDays = 400
  /// Of a larger file, only this much from its start is kept.
  static let fileLimit = 1 << 20
  /// Bytes of sightings that are kept of one content; the incidents have all of them.
  static let sightingsLimit = 64 << 10

  init(folder: SharedFolder) {
    self.folder = folder
    for name in (try? folder.descriptor.names()) ?? [] {
      guard let status = try? folder.descriptor.status(of: name) else { continue }
      if name.text.hasSuffix(Self.sightingsSuffix) { continue }
      // What a crash left of a file that was being written.
      if name.bytes.first == UInt8(ascii: ".") {
        try? folder.descriptor.unlink(name)
        continue
      }
      kept.append(
        Entry(
          name: name, size: Int(status.size), user: firstUser(of: name),
          since: status.modified / 1000))
    }
    kept.sort { $0.since < $1.since }
    forgetOld(at: .now)
  }

  /// Whose target the content was first seen at.
  private func firstUser(of name: FilePath) -> UInt32? {
    guard let file = try? folder.descriptor.open(Self.sightings(of: name), O_RDONLY),
      let start = try? file.readStart(limit: 4096),
      let line = start.split(separator: UInt8(ascii: "\n")).first,
      let uid = (try? JSON(parsing: Array(line)))?["uid"]?.integer
    else { return nil }
    return UInt32(exactly: uid)
  }

  /// Keeps the bytes, unless the same are kept already, and how they were seen.
  mutating func keep(
    _ bytes: [UInt8], sha256: SHA256Digest, _ sighting: Sighting
  ) throws(SystemError) {
    let name = FilePath(sha256.hexadecimal)
    if try folder.descriptor.statusIfExists(of: name) == nil {
      try folder.descriptor.writeAtomically(name, bytes, permissions: 0o400)
      kept.append(
        Entry(
          name: name, size: bytes.count, user: sighting.user?.uid,
          since: WallTime.now.microseconds))
      forgetOld(at: .now)
    }
    try note(sighting, of: name)
  }

  private func note(_ sighting: Sighting, of name: FilePath) throws(SystemError) {
    let file = try folder.descriptor.open(
      Self.sightings(of: name), O_WRONLY | O_CREAT | O_APPEND, mode: 0o600)
    guard try file.status().size < UInt64(Self.sightingsLimit) else { return }
    try file.writeAll(sighting.json(sha256: name.text).compactForm + [UInt8(ascii: "\n")])
  }

  private mutating func forgetOld(at now: WallTime) {
    let oldest = now.microseconds - Int64(Self.ageLimitDays) * 86_400_000_000
    while let first = kept.first, first.since < oldest { forget(0) }
    while kept.count > Self.countLimit { forget(oldestOfLargest { _ in 1 }) }
    while kept.reduce(0, { $0 + $1.size }) > Self.byteLimit { forget(oldestOfLargest(\.size)) }
  }

  /// The oldest entry of the user whose entries weigh most together.
  private func oldestOfLargest(_ weight: (Entry) -> Int) -> Int {
    var weights: [UInt32?: Int] = [:]
    for entry in kept { weights[entry.user, default: 0] += weight(entry) }
    let heaviest = weights.max { $0.value < $1.value }?.key
    return kept.firstIndex { $0.user == heaviest } ?? 0
  }

  private mutating func forget(_ index: Int) {
    let entry = kept.remove(at: index)
    try? folder.descriptor.unlink(Self.sightings(of: entry.name))
    try? folder.descriptor.unlink(entry.name)
  }

  private static let sightingsSuffix = ".jsonl"

  private static func sightings(of name: FilePath) -> FilePath {
    FilePath(name.text + sightingsSuffix)
  }
}
