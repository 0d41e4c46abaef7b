import Foundation

/// A throwaway root for one test, gone with it.
public final class TemporaryRoot {
  public let path: String
  private let isThrowaway: Bool

  /// A folder that stays; the empty path is the root of the machine.
  public init(existing path: String) {
    self.path = path
    isThrowaway = false
  }

  public init() {
    isThrowaway = true
    var template = Array((NSTemporaryDirectory() + "mcpolicyd-test.XXXXXX").utf8CString)
    path = template.withUnsafeMutableBufferPointer { buffer in
      String(cString: mkdtemp(buffer.baseAddress!))
    }
    chmod(path, 0o755)
  }

  deinit {
    guard isThrowaway else { return }
    try? FileManager.default.removeItem(atPath: path)
  }

  public func at(_ relative: String) -> String { "\(path)/\(relative)" }

  public func makeFolder(_ relative: String, mode: mode_t = 0o755) {
    try? FileManager.default.createDirectory(
      atPath: at(relative), withIntermediateDirectories: true)
    chmod(at(relative), mode)
  }

  public func write(_ relative: String, _ text: String, mode: mode_t = 0o644) {
    let file = open(at(relative), O_WRONLY | O_CREAT | O_TRUNC, mode)
    precondition(file >= 0, "\(relative): \(String(cString: strerror(errno)))")
    let bytes = Array(text.utf8)
    precondition(Glibc.write(file, bytes, bytes.count) == bytes.count)
    close(file)
  }

  /// The text of a regular file; nil for anything else, which is never opened.
  public func read(_ relative: String) -> String? {
    guard status(relative).map({ $0.st_mode & S_IFMT == S_IFREG }) == true else { return nil }
    return (try? Data(contentsOf: URL(fileURLWithPath: at(relative)))).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// The status of the name itself, not of what a symlink points to.
  public func status(_ relative: String) -> stat? {
    var found = stat()
    return lstat(at(relative), &found) == 0 ? found : nil
  }

  public func permissions(_ relative: String) -> mode_t? {
    status(relative).map { $0.st_mode & 0o7777 }
  }

  public func names(_ relative: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: at(relative))) ?? []).sorted()
  }

  public func remove(_ relative: String) {
    try? FileManager.default.removeItem(atPath: at(relative))
  }

  public func move(_ from: String, _ to: String) {
    precondition(rename(at(from), at(to)) == 0, String(cString: strerror(errno)))
  }

  public func link(_ relative: String, to text: String) {
    precondition(symlink(text, at(relative)) == 0, String(cString: strerror(errno)))
  }

  /// Every name below, with what would tell a change: type, mode, owner, size, link text, times.
  public func inventory(_ relative: String) -> [String: String] {
    var found: [String: String] = [:]
    let walk = FileManager.default.enumerator(atPath: at(relative))
    while let name = walk?.nextObject() as? String {
      guard let status = status("\(relative)/\(name)") else { continue }
      found[name] =
        "\(status.st_ino) \(status.st_mode) \(status.st_uid) \(status.st_size) \(status.st_mtim.tv_nsec) \(status.st_ctim.tv_nsec)"
    }
    return found
  }
}

/// Looks until the condition holds, at most that long; a failing test waits, a passing one doesn't.
public func eventually(
  seconds: Double = 30, _ condition: () -> Bool
) -> Bool {
  let end = Date().addingTimeInterval(seconds)
  while Date() < end {
    if condition() { return true }
    usleep(2000)
  }
  return condition()
}
