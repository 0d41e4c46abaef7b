import Linux
import MCPConfig
import Policy

/// Who a home belongs to.
///
/// In a throwaway root, homes often belong to uids that no account has, or all to the one user who
/// runs the daemon: there a home's user is named after the root's own `etc/passwd`, then after the
/// host's accounts, then after the home's folder.
struct AccountDirectory {
  private let isThrowaway: Bool
  private let ownUID: UInt32
  private let passwd: FilePath
  private var local: [UInt32: Account] = [:]
  /// The file as it was when it was last read.
  private var read: FileStatus?

  init(root: FilePath, isThrowaway: Bool, ownUID: UInt32) {
    self.isThrowaway = isThrowaway
    self.ownUID = ownUID
    passwd = root.appending("etc").appending("passwd")
    _ = reloadIfChanged()
  }

  /// True if accounts came, went or changed since they were last read.
  mutating func reloadIfChanged() -> Bool {
    let found = FileStatus.ofTrusted(passwd)
    guard found != read else { return false }
    read = found
    local = [:]
    guard let file = try? Descriptor.open(trusted: passwd),
      let bytes = try? file.readAll(limit: 64 << 20)
    else { return true }
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
      guard fields.count >= 4, let uid = UInt32(fields[2]), let gid = UInt32(fields[3]) else {
        continue
      }
      if local[uid] == nil { local[uid] = Account(name: fields[0], uid: uid, gid: gid) }
    }
    return true
  }

  /// Nil for a folder that is no one's home.
  func user(ofHome name: FilePath, uid: UInt32, wantsGroups: Bool) -> UserIdentity? {
    let account = account(uid)
    if !isThrowaway, account == nil || uid == 0 { return nil }
    let groups = wantsGroups ? account?.groupNames ?? [] : []
    let userName = account?.name ?? ByteString(Array(name.bytes)).escaped
    return UserIdentity(uid: uid, name: userName, groups: groups)
  }

  private func account(_ uid: UInt32) -> Account? {
    if let account = local[uid] { return account }
    if isThrowaway, uid == ownUID { return nil }
    return Account.withUID(uid)
  }
}
