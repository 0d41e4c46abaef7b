import Glibc

extension Descriptor {
  /// Puts a file of these bytes into this folder, whole and durable or not at all.
  public func writeAtomically(
    _ name: FilePath, _ bytes: [UInt8], permissions: UInt32 = 0o600
  ) throws(SystemError) {
    let temporary = FilePath(".\(name.text).new")
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
    try sync()
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
