import CLinux
import Glibc

extension Descriptor {
  public func makeFolder(_ name: FilePath, permissions: UInt32) throws(SystemError) {
    let result = name.withCString { mkdirat(number, $0, permissions) }
    _ = try checkedByErrno(result, "mkdir", name.text)
  }

  public func makeSymlink(_ name: FilePath, to text: FilePath) throws(SystemError) {
    let result = text.withCString { text in name.withCString { symlinkat(text, number, $0) } }
    _ = try checkedByErrno(result, "symlink", name.text)
  }

  /// The text of a symlink of that name, cut at `PATH_MAX`.
  public func symlinkText(_ name: FilePath) throws(SystemError) -> [UInt8] {
    var text = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = text.withUnsafeMutableBytes { buffer in
      name.withCString {
        readlinkat(
          number, $0, buffer.assumingMemoryBound(to: CChar.self).baseAddress!, buffer.count)
      }
    }
    return Array(text.prefix(try checkedByErrno(count, "readlink", name.text)))
  }

  public func unlink(_ name: FilePath) throws(SystemError) {
    _ = try checkedByErrno(name.withCString { unlinkat(number, $0, 0) }, "unlink", name.text)
  }

  public func removeFolder(_ name: FilePath) throws(SystemError) {
    let result = name.withCString { unlinkat(number, $0, AT_REMOVEDIR) }
    _ = try checkedByErrno(result, "rmdir", name.text)
  }

  public enum Replacing: Sendable {
    /// The new name must not exist.
    case nothing
    /// Both names change places in one step.
    case exchange
    /// Whatever had the new name is gone.
    case anything
  }

  public func rename(
    _ name: FilePath, to folder: borrowing Descriptor, _ newName: FilePath, replacing: Replacing
  ) throws(SystemError) {
    let flags: UInt32 =
      switch replacing {
      case .nothing: CL_RENAME_NOREPLACE
      case .exchange: CL_RENAME_EXCHANGE
      case .anything: 0
      }
    let target = folder.number
    let result = name.withCString { old in
      newName.withCString { cl_renameat2(number, old, target, $0, flags) }
    }
    _ = try checked(result, "rename", newName.text)
  }

  /// Gives a file without a name (`O_TMPFILE`) its first one.
  public func link(into folder: borrowing Descriptor, as name: FilePath) throws(SystemError) {
    let target = folder.number
    let result = procPath.withCString { path in
      name.withCString { linkat(AT_FDCWD, path, target, $0, AT_SYMLINK_FOLLOW) }
    }
    _ = try checkedByErrno(result, "link", name.text)
  }

  public func setOwner(uid: UInt32, gid: UInt32) throws(SystemError) {
    _ = try checkedByErrno(fchown(number, uid, gid), "chown")
  }

  public func setPermissions(_ permissions: UInt32) throws(SystemError) {
    _ = try checkedByErrno(fchmod(number, permissions), "chmod")
  }

  /// The names in this folder, without `.` and `..`; at most so many, of those that pass.
  public func names(
    limit: Int = .max, where passes: (FilePath) -> Bool = { _ in true }
  ) throws(SystemError) -> [FilePath] {
    let copy = try reopenedFolder()
    guard let stream = fdopendir(copy.number) else { throw SystemError("opendir", errno: errno) }
    defer { closedir(stream) }
    _ = copy.release()
    var names: [FilePath] = []
    while names.count < limit, let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { FilePath($0.prefix { $0 != 0 })! }
      if name.isComponent, passes(name) { names.append(name) }
    }
    return names
  }

  /// Gives the number away; the receiver closes it.
  private consuming func release() -> Int32 {
    let number = number
    discard self
    return number
  }
}

extension Descriptor {
  /// Sets the owner of a symlink itself.
  public func setOwnerOfLink(_ name: FilePath, uid: UInt32, gid: UInt32) throws(SystemError) {
    let result = name.withCString { fchownat(number, $0, uid, gid, AT_SYMLINK_NOFOLLOW) }
    _ = try checkedByErrno(result, "chown", name.text)
  }
}
