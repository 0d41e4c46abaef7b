import Glibc

/// An account as NSS knows it. Looking one up may block.
public struct Account: Hashable, Sendable {
  public var name: String
  public var uid: UInt32
  public var gid: UInt32

  public init(name: String, uid: UInt32, gid: UInt32) {
    self.name = name
    self.uid = uid
    self.gid = gid
  }

  public static func withUID(_ uid: UInt32) -> Account? {
    try? find(uid: uid)
  }

  /// The account, nil if there is none; throws if whoever knows can't be asked now.
  public static func find(uid: UInt32) throws(SystemError) -> Account? {
    var entry = passwd()
    var failure: Int32 = 0
    let found = lookUp { buffer, result in
      failure = getpwuid_r(uid, &entry, buffer.baseAddress!, buffer.count, &result)
      return failure
    }
    if found == nil, failure != 0 { throw SystemError("getpwuid", "uid \(uid)", errno: failure) }
    return found
  }

  public static func named(_ name: String) -> Account? {
    var entry = passwd()
    return lookUp { buffer, result in
      getpwnam_r(name, &entry, buffer.baseAddress!, buffer.count, &result)
    }
  }

  /// The names of all groups the account is in, its own and the supplementary ones.
  public var groupNames: [String] {
    var count: Int32 = 64
    var groups = [gid_t](repeating: 0, count: Int(count))
    if getgrouplist(name, gid, &groups, &count) < 0 {
      groups = [gid_t](repeating: 0, count: Int(count))
      guard getgrouplist(name, gid, &groups, &count) >= 0 else { return [] }
    }
    return groups.prefix(Int(count)).compactMap(Self.groupName)
  }

  public static func groupName(_ gid: UInt32) -> String? {
    withBuffer { buffer in
      var entry = group()
      var result: UnsafeMutablePointer<group>?
      let failure = getgrgid_r(gid, &entry, buffer.baseAddress!, buffer.count, &result)
      guard failure == 0 else { return (failure, nil) }
      return (0, result.map { String(cString: $0.pointee.gr_name) })
    }
  }

  private static func lookUp(
    _ call: (UnsafeMutableBufferPointer<CChar>, inout UnsafeMutablePointer<passwd>?) -> Int32
  ) -> Account? {
    withBuffer { buffer in
      var result: UnsafeMutablePointer<passwd>?
      let failure = call(buffer, &result)
      guard failure == 0, let found = result?.pointee else { return (failure, nil) }
      return (
        0, Account(name: String(cString: found.pw_name), uid: found.pw_uid, gid: found.pw_gid)
      )
    }
  }

  /// Calls with a larger buffer until the entry fits; a group can have thousands of members.
  private static func withBuffer<Result>(
    _ body: (UnsafeMutableBufferPointer<CChar>) -> (failure: Int32, Result?)
  ) -> Result? {
    var size = 4096
    while size <= 1 << 22 {
      let (failure, result) = withUnsafeTemporaryAllocation(of: CChar.self, capacity: size, body)
      if failure != ERANGE { return result }
      size *= 4
    }
    return nil
  }
}
