import Glibc
import Linux
import MCPConfig

/// The rejected bytes, kept for root only, each once, under their SHA-256; beside them one line for
/// each time they were seen.
///
/// Bounded by count, bytes and age: the oldest go first, so that no user can fill the disk.
struct EvidenceStore {
  private let folder: SharedFolder
  private var kept: [Entry] = []
  private var total = 0

  private struct Entry {
    var name: FilePath
    var size: Int
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
      kept.append(Entry(name: name, size: Int(status.size), since: status.modified / 1000))
      total += Int(status.size)
    }
    kept.sort { $0.since < $1.since }
    forgetOld(at: .now)
  }

  /// Keeps the bytes, unless the same are kept already, and how they were seen.
  mutating func keep(
    _ bytes: [UInt8], sha256: SHA256Digest, _ sighting: Sighting
  ) throws(SystemError) {
    let name = FilePath(sha256.hexadecimal)
    if try folder.descriptor.statusIfExists(of: name) == nil {
      try folder.descriptor.writeAtomically(name, bytes, permissions: 0o400)
      kept.append(Entry(name: name, size: bytes.count, since: WallTime.now.microseconds))
      total += bytes.count
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
    var gone = 0
    while let entry = kept.dropFirst(gone).first,
      kept.count - gone > Self.countLimit || total > Self.byteLimit || entry.since < oldest
    {
      gone += 1
      total -= entry.size
      try? folder.descriptor.unlink(Self.sightings(of: entry.name))
      try? folder.descriptor.unlink(entry.name)
    }
    kept.removeFirst(gone)
  }

  private static let sightingsSuffix = ".jsonl"

  private static func sightings(of name: FilePath) -> FilePath {
    FilePath(name.text + sightingsSuffix)
  }
}
