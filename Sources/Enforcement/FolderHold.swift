import CLinux
import Glibc
import Linux

/// Takes from a user the power to replace root's files in a folder of theirs, and nothing else.
///
/// The folder becomes root's, with the sticky bit, and an access list gives its user the rights they
/// had: they can make, change and remove their own files in it as before, but not move or remove
/// what is root's. What was done shows in the folder itself, so that a later run gives it back even
/// if this one is killed.
enum FolderHold {
  /// False, with nothing changed, where it can't be done or isn't needed.
  static func take(_ folder: borrowing Descriptor, from uid: UInt32, to owner: UInt32) -> Bool {
    guard let status = try? folder.status(), status.uid == uid,
      status.permissions & sticky == 0, folder.attribute(accessList) == nil
    else { return false }
    let list = AccessList(user: uid, permissions: status.permissions)
    // The rights first and the owner last: wherever this ends, the user has what they need.
    guard folder.setAttribute(accessList, list.bytes) else { return false }
    do throws(SystemError) {
      // With a list, the group's bits are its mask; the owner's are root's from now on.
      try folder.setPermissions(status.permissions & 0o6007 | 0o770 | sticky)
      try folder.setOwner(uid: owner, gid: status.gid)
    } catch {
      giveBack(folder, list, uid: uid, gid: status.gid)
      return false
    }
    // The user could still change it until it wasn't theirs any more.
    guard isHeld(folder, by: owner, of: uid) else {
      giveBack(folder, list, uid: uid, gid: status.gid)
      return false
    }
    return true
  }

  /// Gives a folder back that `take` took; any other is left alone.
  static func release(_ folder: borrowing Descriptor, to uid: UInt32, from owner: UInt32) {
    guard isHeld(folder, by: owner, of: uid), let status = try? folder.status(),
      let list = folder.attribute(accessList).flatMap({ AccessList($0, user: uid) })
    else { return }
    giveBack(folder, list, uid: uid, gid: status.gid)
  }

  /// Whether it looks like one that was taken from that user.
  static func isHeld(
    _ folder: borrowing Descriptor, by owner: UInt32, of uid: UInt32
  ) -> Bool {
    guard let status = try? folder.status(), status.uid == owner, uid != owner,
      status.permissions & sticky != 0, let bytes = folder.attribute(accessList)
    else { return false }
    return AccessList(bytes, user: uid) != nil
  }

  private static func giveBack(
    _ folder: borrowing Descriptor, _ list: AccessList, uid: UInt32, gid: UInt32
  ) {
    try? folder.setOwner(uid: uid, gid: gid)
    folder.removeAttribute(accessList)
    let kept = ((try? folder.status())?.permissions ?? 0) & 0o6000
    try? folder.setPermissions(kept | list.permissions)
  }

  private static let sticky: UInt32 = 0o1000
  private static let accessList = "system.posix_acl_access"
}

/// The one kind of POSIX access list that a hold makes: a folder's own bits, and a named user with
/// the rights its owner had.
private struct AccessList {
  /// The nine bits the folder had.
  let permissions: UInt32
  let user: UInt32

  init(user: UInt32, permissions: UInt32) {
    self.user = user
    self.permissions = permissions & 0o777
  }

  /// Nil for any other list.
  init?(_ bytes: [UInt8], user: UInt32) {
    guard bytes.count == 44 else { return nil }
    func right(_ entry: Int) -> UInt32 { UInt32(bytes[4 + entry * 8 + 2]) & 7 }
    self.init(user: user, permissions: right(1) << 6 | right(2) << 3 | right(4))
    guard self.bytes == bytes else { return nil }
  }

  /// As the kernel takes it: version 2, then tag, rights and id of each entry, in that order.
  var bytes: [UInt8] {
    let none = UInt32.max
    let entries: [(tag: UInt16, rights: UInt32, id: UInt32)] = [
      (0x01, 7, none), (0x02, permissions >> 6 & 7, user), (0x04, permissions >> 3 & 7, none),
      (0x10, 7, none), (0x20, permissions & 7, none),
    ]
    var bytes: [UInt8] = [2, 0, 0, 0]
    for entry in entries {
      withUnsafeBytes(of: entry.tag.littleEndian) { bytes += $0 }
      withUnsafeBytes(of: UInt16(entry.rights).littleEndian) { bytes += $0 }
      withUnsafeBytes(of: entry.id.littleEndian) { bytes += $0 }
    }
    return bytes
  }
}

extension Descriptor {
  /// Nil if the folder has none, or the file system knows none.
  fileprivate func attribute(_ name: String) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = fgetxattr(number, name, &bytes, bytes.count)
    if count < 0, errno == ERANGE { return bytes }
    return count >= 0 ? Array(bytes.prefix(count)) : nil
  }

  fileprivate func setAttribute(_ name: String, _ bytes: [UInt8]) -> Bool {
    fsetxattr(number, name, bytes, bytes.count, 0) == 0
  }

  fileprivate func removeAttribute(_ name: String) {
    _ = fremovexattr(number, name)
  }
}
