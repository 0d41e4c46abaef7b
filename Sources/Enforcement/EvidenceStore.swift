import Glibc
import Linux
import MCPConfig

/// The rejected bytes, kept for root only, each once, under their SHA-256.
///
/// Bounded by count and bytes: the oldest go first, so that no user can fill the disk.
struct EvidenceStore {
  private let folder: SharedFolder
  private var kept: [(name: FilePath, size: Int)] = []
  private var total = 0

  static let countLimit = 4096
  static let byteLimit = 256 << 20
  /// Of a larger file, only this much from its start is kept.
  static let fileLimit = 1 << 20

  init(folder: SharedFolder) {
    self.folder = folder
    var found: [(name: FilePath, size: Int, changed: Int64)] = []
    for name in (try? folder.descriptor.names()) ?? [] {
      guard let status = try? folder.descriptor.status(of: name) else { continue }
      found.append((name, Int(status.size), status.modified))
    }
    for entry in found.sorted(by: { $0.changed < $1.changed }) {
      kept.append((entry.name, entry.size))
      total += entry.size
    }
  }

  /// Keeps the bytes, unless the same are kept already.
  mutating func keep(_ bytes: [UInt8], sha256: SHA256Digest) throws(SystemError) {
    let name = FilePath(sha256.hexadecimal)
    if try folder.descriptor.statusIfExists(of: name) != nil { return }
    try folder.descriptor.writeAtomically(name, bytes, permissions: 0o400)
    kept.append((name, bytes.count))
    total += bytes.count
    while kept.count > Self.countLimit || total > Self.byteLimit {
      let oldest = kept.removeFirst()
      total -= oldest.size
      try folder.descriptor.unlink(oldest.name)
    }
  }
}
