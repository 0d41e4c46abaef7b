import Linux
import MCPConfig
import Policy

/// Which revocations and grants have reached the targets, beside `RolloutMark`: a run that is killed
/// before they had leaves files that are right by the ones before, and nobody's drift.
enum ExceptionsMark {
  private static let name: FilePath = "rolled-out-exceptions"
  /// Far above what is ever written.
  private static let limit = 4 << 20

  /// Nil if there is none that can be read.
  static func read(in folder: borrowing Descriptor) -> Exceptions? {
    guard let bytes = (try? folder.readFile(name, limit: limit)).flatMap({ $0 }),
      let json = try? JSON(parsing: bytes), let revoked = json["revoked"]?.elements,
      let digests = json["revoked_sha256"]?.elements, let grants = json["grants"]?.elements
    else { return nil }
    return Exceptions(
      revoked: Set(revoked.compactMap(\.string)),
      revokedDigests: Set(
        digests.compactMap { $0.string.flatMap(SHA256Digest.init(hexadecimal:)) }),
      grants: grants.compactMap(Exceptions.Grant.init(mark:)))
  }

  static func write(
    _ exceptions: Exceptions, in folder: borrowing Descriptor
  ) throws(SystemError) {
    let json: JSON = [
      "revoked": .array(exceptions.revoked.sorted().map { .bytes($0) }),
      "revoked_sha256": .array(
        exceptions.revokedDigests.map(\.hexadecimal).sorted().map { .text($0) }),
      "grants": .array(exceptions.grants.map(\.mark)),
    ]
    try folder.writeAtomically(name, json.compactForm + [0x0A], permissions: 0o400)
  }
}

extension Exceptions.Grant {
  fileprivate var mark: JSON {
    [
      "number": .int(number), "server": .bytes(server), "sha256": .text(sha256.hexadecimal),
      "user": .text(user), "uid": .int(uid),
    ]
  }

  fileprivate init?(mark json: JSON) {
    guard let number = json["number"]?.integer, let server = json["server"]?.string,
      let sha256 = json["sha256"]?.string.flatMap(SHA256Digest.init(hexadecimal:)),
      let user = json["user"]?.string?.text,
      let uid = json["uid"]?.integer.flatMap({ UInt32(exactly: $0) })
    else { return nil }
    self.init(number: number, server: server, sha256: sha256, user: user, uid: uid)
  }
}
