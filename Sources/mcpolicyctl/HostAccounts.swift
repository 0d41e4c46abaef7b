import Linux
import Policy

/// The accounts of the host that is meant: in a folder that stands for one, those of its own `etc/passwd`
/// and `etc/group` come first, as they do for the daemon.
enum HostAccounts {
  static func named(_ name: String, _ options: CommonOptions) -> UserIdentity? {
    if options.root != nil, let own = inFolder(name, options) { return own }
    return Account.named(name).map {
      UserIdentity(uid: $0.uid, name: $0.name, groups: $0.groupNames)
    }
  }

  private static func inFolder(_ name: String, _ options: CommonOptions) -> UserIdentity? {
    let wanted = Array(name.utf8)
    guard
      let fields = records(options.onHost("/etc/passwd")).first(where: {
        $0.count >= 4 && Array($0[0].utf8) == wanted
      }),
      let uid = UInt32(fields[2]), let gid = UInt32(fields[3])
    else { return nil }
    var groups: [String] = []
    for group in records(options.onHost("/etc/group")) where group.count >= 4 {
      let isMember =
        UInt32(group[2]) == gid
        || group[3].split(separator: ",").contains { Array($0.utf8) == wanted }
      if isMember, !groups.contains(group[0]) { groups.append(group[0]) }
    }
    return UserIdentity(uid: uid, name: name, groups: groups)
  }

  /// One a line, with fields between colons.
  private static func records(_ path: String) -> [[String]] {
    let found = try? Descriptor.readAll(trusted: FilePath(path), limit: 64 << 20)
    return (found.flatMap { $0 } ?? []).split(separator: UInt8(ascii: "\n")).map { line in
      line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
    }
  }
}
