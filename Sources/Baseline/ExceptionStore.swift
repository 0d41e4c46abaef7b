import Glibc
import Linux
import MCPConfig

/// What was decided on this host beside the baseline: revocations, grants, requests.
///
/// Each revocation is a file of its own, named after its server, so that nothing written later can
/// undo it and a damaged one still holds. Grants and requests are one file a kind. All are written
/// whole or not at all.
public struct ExceptionStore: ~Copyable {
  private let folder: Descriptor
  private let revocations: Descriptor

  static let fileLimit = 8 << 20
  private static let grantsName: FilePath = "grants.json"
  private static let requestsName: FilePath = "requests.json"
  public static let revocationsName: FilePath = "revocations"

  public typealias Damage = BaselineStore.Damage

  /// - Parameter folder: root's alone; that of the revocations is made in it.
  public init(folder: consuming Descriptor) throws(SystemError) {
    revocations = try Self.opened(Self.revocationsName, in: folder)
    self.folder = folder
  }

  /// Made only where it is missing: the disk may have become read-only since.
  private static func opened(
    _ name: FilePath, in folder: borrowing Descriptor
  ) throws(SystemError) -> Descriptor {
    do throws(SystemError) {
      return try folder.open(name, O_RDONLY | O_DIRECTORY)
    } catch {
      guard error.errno == ENOENT else { throw error }
    }
    try folder.makeFolder(name, permissions: 0o700)
    return try folder.open(name, O_RDONLY | O_DIRECTORY)
  }

  /// What is stored. That a file can't be read as what it should be is damage, and not an error: the
  /// rest holds.
  public func load() throws(SystemError) -> HostExceptions {
    var content = HostExceptions()
    for name in try revocations.names().sorted(by: { $0.text < $1.text }) {
      guard let digest = Self.digest(of: name) else {
        // What a write left that didn't come to its end.
        if name.text.hasPrefix("."), name.text.hasSuffix(".new") { continue }
        content.damages.append(
          Damage(file: "revocations/\(ByteString(name.text).shown)", reason: "isn't a revocation"))
        continue
      }
      // A file that can't be read at all revokes too: its name is all that counts.
      let bytes = (try? revocations.readFile(name, limit: Self.fileLimit)) ?? []
      let record = RevocationRecord(nameSHA256: digest, bytes: bytes)
      if record.details == nil {
        content.damages.append(
          Damage(
            file: "revocations/\(name.text)", reason: "can't be read; its server stays revoked"))
      }
      content.revocations.append(record)
    }
    content.grants = try list(Self.grantsName, "no grant holds", &content.damages)
    content.requests = try list(Self.requestsName, "no request is known", &content.damages)
    return content
  }

  private func list<Record: NumberedRecord>(
    _ name: FilePath, _ effect: String, _ damages: inout [Damage]
  ) throws(SystemError) -> RecordList<Record>? {
    let bytes: [UInt8]?
    do throws(SystemError) {
      bytes = try folder.readFile(name, limit: Self.fileLimit)
    } catch {
      damages.append(Damage(file: name.text, reason: "can't be read (\(error.reason)); \(effect)"))
      return nil
    }
    guard let bytes else { return RecordList() }
    guard let list = RecordList<Record>(stored: bytes) else {
      damages.append(Damage(file: name.text, reason: "is damaged; \(effect)"))
      return nil
    }
    return list
  }

  public func write(_ revocation: RevocationRecord) throws(SystemError) {
    try revocations.writeAtomically(
      Self.name(of: revocation.nameSHA256), revocation.stored.prettyForm, permissions: 0o400)
  }

  public func remove(revocation nameSHA256: SHA256Digest) throws(SystemError) {
    try revocations.unlink(Self.name(of: nameSHA256))
    try revocations.sync()
  }

  public func write(_ grants: RecordList<GrantRecord>) throws(SystemError) {
    try folder.writeAtomically(Self.grantsName, grants.stored.prettyForm, permissions: 0o400)
  }

  public func write(_ requests: RecordList<RequestRecord>) throws(SystemError) {
    try folder.writeAtomically(Self.requestsName, requests.stored.prettyForm, permissions: 0o400)
  }

  private static func name(of digest: SHA256Digest) -> FilePath {
    FilePath("\(digest.hexadecimal).json")
  }

  private static func digest(of name: FilePath) -> SHA256Digest? {
    let suffix = ".json"
    guard name.text.hasSuffix(suffix) else { return nil }
    return SHA256Digest(hexadecimal: ByteString(String(name.text.dropLast(suffix.count))))
  }
}
