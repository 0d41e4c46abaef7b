import Linux
import MCPConfig
import Policy

/// Who a home belongs to, and in which groups they are.
///
/// The root's own `etc/passwd` and `etc/group` come first: they are read whole, once for all homes.
/// Accounts that aren't in them are asked of NSS one by one, and remembered for a while.
///
/// In a throwaway root, homes often belong to uids that no account has, or all to the one user who
/// runs the daemon: there a home's user is named after the root's own `etc/passwd`, then after the
/// host's accounts, then after the home's folder.
struct AccountDirectory {
  private let isThrowaway: Bool
  private let ownUID: UInt32
  private var passwd: TrustedLines
  private var group: TrustedLines
  private var local: [UInt32: Account] = [:]
  private var groupNames: [UInt32: String] = [:]
  private var memberships: [String: [String]] = [:]
  private var remote: [UInt32: Remote] = [:]

  private struct Remote {
    var account: Account?
    var groups: [String]?
    var asked: MonotonicTime
  }

  /// How long an answer of NSS holds.
  private static let remoteSeconds = 900.0

  init(root: FilePath, isThrowaway: Bool, ownUID: UInt32) {
    self.isThrowaway = isThrowaway
    self.ownUID = ownUID
    let etc = root.appending("etc")
    passwd = TrustedLines(path: etc.appending("passwd"))
    group = TrustedLines(path: etc.appending("group"))
    _ = reloadIfChanged()
  }

  /// True if accounts or groups came, went or changed since they were last read.
  mutating func reloadIfChanged() -> Bool {
    let accounts = passwd.changedRecords()
    let groups = group.changedRecords()
    if let accounts { readAccounts(accounts) }
    if let groups { readGroups(groups) }
    if accounts != nil { remote = [:] }
    return accounts != nil || groups != nil
  }

  private mutating func readAccounts(_ records: [[String]]) {
    local = [:]
    for fields in records {
      guard fields.count >= 4, let uid = UInt32(fields[2]), let gid = UInt32(fields[3]),
        local[uid] == nil
      else { continue }
      local[uid] = Account(name: fields[0], uid: uid, gid: gid)
    }
  }

  private mutating func readGroups(_ records: [[String]]) {
    groupNames = [:]
    memberships = [:]
    for fields in records {
      guard fields.count >= 4, let gid = UInt32(fields[2]) else { continue }
      if groupNames[gid] == nil { groupNames[gid] = fields[0] }
      for member in fields[3].split(separator: ",") {
        memberships[String(member), default: []].append(fields[0])
      }
    }
  }

  /// Nil for a folder that is no one's home.
  mutating func user(ofHome name: FilePath, uid: UInt32, wantsGroups: Bool) -> UserIdentity? {
    if let account = local[uid] {
      if !isThrowaway, uid == 0 { return nil }
      return UserIdentity(
        uid: uid, name: account.name, groups: wantsGroups ? localGroups(account) : [])
    }
    let isUnknown = isThrowaway && uid == ownUID
    let found = isUnknown ? nil : remoteAccount(uid, wantsGroups: wantsGroups)
    if !isThrowaway, found?.account == nil || uid == 0 { return nil }
    return UserIdentity(
      uid: uid, name: found?.account?.name ?? ByteString(Array(name.bytes)).escaped,
      groups: found?.groups ?? [])
  }

  private func localGroups(_ account: Account) -> [String] {
    let own = groupNames[account.gid].map { [$0] } ?? []
    return own + (memberships[account.name] ?? []).filter { !own.contains($0) }
  }

  private mutating func remoteAccount(_ uid: UInt32, wantsGroups: Bool) -> Remote {
    let now = MonotonicTime.now
    if let known = remote[uid], now < known.asked.advanced(bySeconds: Self.remoteSeconds),
      !wantsGroups || known.groups != nil
    {
      return known
    }
    let account = Account.withUID(uid)
    let found = Remote(
      account: account, groups: wantsGroups ? account?.groupNames ?? [] : nil, asked: now)
    remote[uid] = found
    return found
  }
}
