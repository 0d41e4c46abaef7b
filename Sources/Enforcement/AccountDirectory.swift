import Linux
import MCPConfig
import Policy

/// Who a home belongs to, and in which groups they are.
///
/// The root's own `etc/passwd` and `etc/group` come first: they are read whole, once for all homes.
/// Accounts that aren't in them are asked of NSS one by one by a worker, since that may wait for
/// another host, and remembered for a while.
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
  private var remote: [UInt32: AccountAnswer] = [:]

  /// Who a home belongs to.
  enum Owner {
    case user(UserIdentity)
    /// It is no one's home.
    case none
    /// NSS is to be asked; `known` is what it said last, until it says something else.
    case ask(known: UserIdentity?)
  }

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

  mutating func owner(ofHome name: FilePath, uid: UInt32, wantsGroups: Bool) -> Owner {
    if let account = local[uid] {
      if !isThrowaway, uid == 0 { return .none }
      return .user(
        UserIdentity(
          uid: uid, name: account.name, groups: wantsGroups ? localGroups(account) : []))
    }
    if isThrowaway { return .user(stranger(uid, name)) }
    if uid == 0 { return .none }
    guard let answer = remote[uid] else { return .ask(known: nil) }
    let user = answer.account.map {
      UserIdentity(uid: uid, name: $0.name, groups: wantsGroups ? answer.groups : [])
    }
    if answer.isOld { return .ask(known: user) }
    return user.map { .user($0) } ?? .none
  }

  /// What NSS said. That it couldn't be asked changes nothing that is known.
  mutating func take(_ answer: AccountAnswer, of uid: UInt32) {
    guard answer.error == nil else { return }
    remote[uid] = answer
  }

  private func localGroups(_ account: Account) -> [String] {
    let own = groupNames[account.gid].map { [$0] } ?? []
    return own + (memberships[account.name] ?? []).filter { !own.contains($0) }
  }

  private mutating func stranger(_ uid: UInt32, _ home: FilePath) -> UserIdentity {
    var answer: AccountAnswer?
    if uid != ownUID {
      answer = remote[uid] ?? AccountAnswer(uid)
      remote[uid] = answer
    }
    return UserIdentity(
      uid: uid, name: answer?.account?.name ?? ByteString(Array(home.bytes)).escaped,
      groups: answer?.groups ?? [])
  }
}

/// What NSS says of a uid. To ask it may wait for another host.
struct AccountAnswer: Sendable {
  /// Nil if there is no such account.
  var account: Account?
  var groups: [String] = []
  /// Why NSS could not be asked.
  var error: SystemError?
  private let asked = MonotonicTime.now

  init(_ uid: UInt32) {
    do throws(SystemError) {
      account = try Account.find(uid: uid)
      groups = account?.groupNames ?? []
    } catch {
      self.error = error
    }
  }

  /// How long an answer holds, in seconds.
  private static let lifetime = 900.0

  var isOld: Bool { asked.advanced(bySeconds: Self.lifetime) <= .now }
}
