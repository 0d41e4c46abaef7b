import CBench
import Glibc

/// The few file operations that are needed, each an error that names its path.
enum Files {
  static func makeFolder(_ path: String, owner: uid_t? = nil) throws {
    guard mkdir(path, 0o755) == 0 else { throw BenchError.system("mkdir", path) }
    try give(path, to: owner)
  }

  static func write(
    _ path: String, _ bytes: [UInt8], owner: uid_t? = nil, mode: mode_t = 0o644
  ) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard file >= 0 else { throw BenchError.system("open", path) }
    defer { close(file) }
    guard Glibc.write(file, bytes, bytes.count) == bytes.count, fchmod(file, mode) == 0 else {
      throw BenchError.system("write", path)
    }
    try give(path, to: owner)
  }

  static func read(_ path: String) throws -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw BenchError.system("open", path) }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = Glibc.read(file, &buffer, buffer.count)
      guard count >= 0 else { throw BenchError.system("read", path) }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  static func text(_ path: String) -> String? {
    (try? read(path)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Ownership can only be given away by root.
  static func give(_ path: String, to owner: uid_t?) throws {
    guard let owner, geteuid() == 0 else { return }
    guard lchown(path, owner, owner) == 0 else { throw BenchError.system("chown", path) }
  }

  static func status(_ path: String) -> stat? {
    var status = stat()
    return lstat(path, &status) == 0 ? status : nil
  }

  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  static func first(of paths: [String]) -> String {
    paths.first { access($0, F_OK) == 0 } ?? paths[0]
  }

  static func complain(_ message: String) {
    let line = Array("\(message)\n".utf8)
    _ = Glibc.write(STDERR_FILENO, line, line.count)
  }

  static func pause(milliseconds: Int) {
    usleep(UInt32(milliseconds) * 1000)
  }
}
