import Linux
import MCPConfig
import Policy

/// Where and when rejected bytes were seen: what an analyst asks first.
struct Sighting: Sendable {
  /// The incident that tells of it; empty for what an earlier run left in a stage.
  var incident: String
  var seen: WallTime
  var path: String
  var user: UserIdentity?
  /// The rejected file as the kernel had it; nil where it was gone by then.
  var status: FileStatus?
  /// The digest of the whole file where only its start is kept.
  var whole: SHA256Digest?
  /// Under which name in its stage a rejected folder was kept.
  var folder: String?

  init(incident: String, seen: WallTime, path: String, user: UserIdentity?) {
    self.incident = incident
    self.seen = seen
    self.path = path
    self.user = user
  }

  func json(sha256: String) -> JSON {
    var members: [(String, JSON)] = [
      ("sha256", .text(sha256)),
      ("incident", incident.isEmpty ? .null : .text(incident)),
      ("seen_at", .text(seen.rfc3339)),
      ("path", .text(ByteString(path).escaped)),
      ("user", .optional(user?.name)),
      ("uid", user.map { .int($0.uid) } ?? .null),
    ]
    if let status {
      members += [
        ("type", .text(status.type.rawValue)),
        ("owner_uid", .int(status.uid)), ("owner_gid", .int(status.gid)),
        ("mode", .text("0" + String(status.permissions, radix: 8))),
        ("links", .int(status.links)), ("size", .int(Int(clamping: status.size))),
        ("modified_at", .text(WallTime(microseconds: status.modified / 1000).rfc3339)),
      ]
    }
    if let whole { members.append(("whole_sha256", .text(whole.hexadecimal))) }
    if let folder { members.append(("kept_folder", .text(folder))) }
    return .object(members)
  }
}
