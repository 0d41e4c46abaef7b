import CLinux
import Glibc
import Linux
import Policy

/// A folder whose entries are homes, by a pattern of the policy.
struct HomeFolders {
  let anchor: Anchor
  let pattern: Glob
  /// `*` leaves names with a leading dot alone, as in a shell.
  let takesDotted: Bool

  /// - Parameter pattern: an absolute path with `*` only in its last component.
  init(pattern: String, site: EnforcementSite) throws(SystemError) {
    let components = pattern.split(separator: "/")
    let last = components.last.map(String.init) ?? "*"
    anchor = try Anchor(path: site.path(components.dropLast().joined(separator: "/")))
    self.pattern = Glob(pattern: Array(last.utf8))
    takesDotted = last.hasPrefix(".")
  }

  func matches(_ name: FilePath) -> Bool {
    guard takesDotted || name.bytes.first != UInt8(ascii: ".") else { return false }
    // ext4 keeps a folder of this name at each file system's root.
    return name.text != "lost+found" && pattern.matches(name.bytes)
  }

  func names() throws(SystemError) -> [FilePath] {
    try anchor.folder.names().filter(matches)
  }

  /// The folder of that name, as it is now; nil if there is none.
  func status(of name: FilePath) -> FileStatus? {
    guard let status = try? anchor.folder.statusIfExists(of: name), status.type == .directory else {
      return nil
    }
    return status
  }
}

/// A home and its targets.
struct Home {
  var user: UserIdentity
  var targets: [TargetID]
}
