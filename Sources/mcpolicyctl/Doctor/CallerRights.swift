import Control
import Glibc
import Linux
import MCPConfig

/// What the caller may ask the daemon for.
struct CallerRights {
  enum Source: String {
    /// The daemon said so.
    case daemon
    /// From the groups of this process, by the same rule as the daemon's.
    case groups
  }

  var name: String
  var uid: UInt32
  var role: String
  var verbs: [String]
  var source: Source
  /// Groups that count and that the account has, but this session hasn't yet.
  var missingGroups: [String] = []

  static let groupNames = ["mcpolicy-admin", "mcpolicy-audit"]

  /// Whether targets and incidents of others are seen.
  var readsAll: Bool { role != Role.own.rawValue }

  /// Asks the daemon where it can say; else what the groups of this process give.
  /// - Parameter asks: false where no daemon answers anyway.
  static func find(_ options: CommonOptions, asks: Bool) -> CallerRights {
    var rights = derived()
    if asks, let reply = try? options.ask(.rights), let role = reply["role"]?.string?.text {
      rights.role = role
      rights.verbs = reply.list("verbs").compactMap { $0.string?.text }
      rights.source = .daemon
    }
    return rights
  }

  private static func derived() -> CallerRights {
    let uid = geteuid()
    var groups = [gid_t](repeating: 0, count: 65_536)
    let count = getgroups(Int32(groups.count), &groups)
    let actor = ControlActor(
      pid: getpid(), uid: uid, gid: getegid(), groups: Set(groups.prefix(Int(max(count, 0)))))
    var roles = Roles.ofThisHost()
    // This process isn't the daemon.
    roles.daemonUID = 0
    let role = roles.role(of: actor)
    let account = Account.withUID(uid)
    let session = Set(
      (actor.groups.union([actor.gid])).compactMap(Account.groupName))
    let names = account?.groupNames ?? []
    return CallerRights(
      name: account?.name ?? "uid \(uid)", uid: uid, role: role.rawValue,
      verbs: Rights.verbs(of: role).map(\.rawValue), source: .groups,
      missingGroups: groupNames.filter { names.contains($0) && !session.contains($0) })
  }

  var json: JSON {
    [
      "user": .text(name), "uid": .int(uid), "role": .text(role), "source": .text(source.rawValue),
      "verbs": .array(verbs.map { .text($0) }),
    ]
  }

  var diagnoses: [Diagnosis] {
    var found = [
      Diagnosis.ok(
        "rights", "\(name) has the role \(role), and may: \(verbs.joined(separator: ", "))")
    ]
    for group in missingGroups {
      found.append(
        .warning(
          "rights", "\(name) is in group \(group), but this session isn't",
          mend: "log in again, or: newgrp \(group)"))
    }
    return found
  }
}
