import Foundation
import Support

/// A user's home below a root.
struct Home {
  let root: String
  let name: String
  let uid: uid_t
  /// Whether the policy leaves the file to its user.
  var isWritable = false

  var path: String { "\(root)/home/\(name)" }
  var target: String { "\(path)/.kiro/settings/mcp.json" }

  /// The bytes at the target, which must be a plain file with one name, owner and mode as approved.
  var approvedBytes: Data? {
    var status = stat()
    guard lstat(target, &status) == 0,
      status.st_mode == S_IFREG | (isWritable ? 0o600 : 0o444),
      status.st_uid == (isWritable ? uid : 0), status.st_nlink == 1
    else { return nil }
    return FileManager.default.contents(atPath: target)
  }

  /// Writes a file that its user owns.
  func write(_ relative: String, _ text: String, mode: mode_t = 0o600) {
    _ = FileManager.default.createFile(atPath: "\(path)/\(relative)", contents: Data(text.utf8))
    chmod("\(path)/\(relative)", mode)
    chown("\(path)/\(relative)", uid, uid)
  }

  func makeFolder(_ relative: String, mode: mode_t = 0o700, owner: uid_t? = nil) {
    mkdir("\(path)/\(relative)", mode)
    chmod("\(path)/\(relative)", mode)
    chown("\(path)/\(relative)", owner ?? uid, owner ?? uid)
  }

  /// Puts a server that no one approved at the target, as its user would.
  func tamper() {
    write("tampered", #"{"mcpServers":{"evil":{"command":"/tmp/evil"}}}"#)
    rename("\(path)/tampered", target)
  }
}
