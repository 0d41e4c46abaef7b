import CLinux
import Glibc
import Linux

/// Opens a folder by a name that may change while it is looked at.
enum OpenAt2 {
  /// Set once `openat2` was found missing: an old kernel, or a filter that can't look into its
  /// struct, as systemd's `RestrictSUIDSGID=` is.
  static let isMissing = Latch()

  static func resolve(_ rules: WalkRules, level: Int) -> UInt64 {
    let crosses = rules.mayCrossMounts || (level == 0 && rules.homeIsMount)
    return CL_RESOLVE_BENEATH | CL_RESOLVE_NO_SYMLINKS | CL_RESOLVE_NO_MAGICLINKS
      | (crosses ? 0 : CL_RESOLVE_NO_XDEV)
  }

  /// The status of a name, without a look at what may be mounted there: a user's own file system
  /// can make that wait for ever. Nil if there is nothing; `EXDEV` for a mount.
  static func status(
    of name: FilePath, in folder: borrowing Descriptor
  ) throws(SystemError) -> FileStatus? {
    guard !isMissing.isSet else { return try folder.statusIfExists(of: name) }
    let number = name.withCString {
      cl_openat2(
        folder.number, $0, CL_O_PATH | CL_O_NOFOLLOW, 0, CL_RESOLVE_BENEATH | CL_RESOLVE_NO_XDEV)
    }
    switch -number {
    case ENOENT: return nil
    case ENOSYS:
      isMissing.set()
      return try folder.statusIfExists(of: name)
    case let failure where number < 0: throw SystemError("openat2", name.text, errno: failure)
    default: return try Descriptor(owning: number).status()
    }
  }

  static func folder(
    _ name: FilePath, in folder: borrowing Descriptor, rules: WalkRules, level: Int
  ) throws(SystemError) -> Descriptor {
    if !isMissing.isSet {
      let number = name.withCString {
        cl_openat2(
          folder.number, $0, CL_O_PATH | CL_O_DIRECTORY | CL_O_NOFOLLOW, 0,
          resolve(rules, level: level))
      }
      if number >= 0 { return Descriptor(owning: number) }
      if number != -ENOSYS { throw SystemError("openat2", name.text, errno: -number) }
      isMissing.set()
    }
    return try fallback(
      name, in: folder, mayCross: resolve(rules, level: level) & CL_RESOLVE_NO_XDEV == 0)
  }

  /// One component without `openat2`: a symlink isn't followed, and the mount is compared after.
  static func fallback(
    _ name: FilePath, in folder: borrowing Descriptor, mayCross: Bool
  ) throws(SystemError) -> Descriptor {
    let child = try folder.open(name, CL_O_PATH | CL_O_DIRECTORY | CL_O_NOFOLLOW)
    if !mayCross {
      let (mount, childMount) = (try folder.status().mount, try child.status().mount)
      if mount != childMount { throw SystemError("open", name.text, errno: EXDEV) }
    }
    return child
  }
}
