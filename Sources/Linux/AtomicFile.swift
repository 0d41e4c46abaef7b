import CLinux
import Glibc

extension Descriptor {
  /// Puts a file of these bytes into this folder, whole and durable or not at all.
  ///
  /// The file gets its name only when it stands, so that whoever is killed on the way leaves nothing.
  /// Where the file system has no files without a name, or the name is taken, it has another one for
  /// a moment.
  public func writeAtomically(
    _ name: FilePath, _ bytes: [UInt8], permissions: UInt32 = 0o600
  ) throws(SystemError) {
    let isNamed = try writeNameless(name, bytes, permissions)
    if !isNamed { try writeByRename(name, bytes, permissions) }
    try sync()
  }

  /// The name of a file that isn't whole yet.
  public static func unfinishedName(of name: FilePath) -> FilePath { FilePath(".\(name.text).new") }

  /// Whether a crash left this name behind.
  public static func isUnfinished(_ name: FilePath) -> Bool {
    name.bytes.first == UInt8(ascii: ".") && name.text.hasSuffix(".new")
  }

  /// False where that can't be done.
  private func writeNameless(
    _ name: FilePath, _ bytes: [UInt8], _ permissions: UInt32
  ) throws(SystemError) -> Bool {
    let file: Descriptor
    do throws(SystemError) {
      file = try open(".", O_WRONLY | CL_O_TMPFILE, mode: permissions)
    } catch {
      if [EOPNOTSUPP, EISDIR, EINVAL, ENOENT].contains(error.errno) { return false }
      throw SystemError(error.operation, name.text, errno: error.errno)
    }
    try file.writeAll(bytes)
    try file.sync()
    do throws(SystemError) {
      try file.link(into: self, as: name)
      return true
    } catch {
      // The name is taken, or there is no /proc to link from.
      if error.errno == EEXIST || error.errno == ENOENT { return false }
      throw error
    }
  }

  private func writeByRename(
    _ name: FilePath, _ bytes: [UInt8], _ permissions: UInt32
  ) throws(SystemError) {
    let temporary = Self.unfinishedName(of: name)
    try? unlink(temporary)
    let file = try open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: permissions)
    do throws(SystemError) {
      try file.writeAll(bytes)
      try file.sync()
      try rename(temporary, to: self, name, replacing: .anything)
    } catch {
      try? unlink(temporary)
      throw error
    }
  }

  /// A file's bytes, nil if it doesn't exist; more than `limit` bytes is `EFBIG`.
  public func readFile(_ name: FilePath, limit: Int) throws(SystemError) -> [UInt8]? {
    do throws(SystemError) {
      let file = try open(name, O_RDONLY | O_NONBLOCK)
      guard let bytes = try file.readAll(limit: limit) else {
        throw SystemError("read", name.text, errno: EFBIG)
      }
      return bytes
    } catch {
      if error.errno == ENOENT { return nil }
      throw error
    }
  }
}

/// Folders that only root can change.
public enum TrustedFolder {
  /// Opens the folder, making it and those above it first where they are missing.
  public static func open(
    creating path: FilePath, permissions: UInt32
  ) throws(SystemError) -> Descriptor {
    var made: FilePath = path.bytes.first == UInt8(ascii: "/") ? "/" : ""
    let components = path.bytes.split(separator: UInt8(ascii: "/"))
    for (index, component) in components.enumerated() {
      made = made.appending(FilePath(component)!)
      let isLast = index == components.count - 1
      let result = made.withCString { mkdir($0, isLast ? permissions : 0o755) }
      if result < 0, errno != EEXIST, errno != EROFS, errno != EACCES {
        throw SystemError("mkdir", made.text, errno: errno)
      }
    }
    return try Descriptor.open(trusted: path, O_RDONLY | O_DIRECTORY)
  }
}
