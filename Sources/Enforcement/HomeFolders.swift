import CLinux
import Glibc
import Linux
import Policy

/// A folder whose entries are homes, by a pattern of the policy.
struct HomeFolders {
  /// The pattern as the policy has it.
  let source: String
  let anchor: Anchor
  let pattern: Glob
  /// `*` leaves names with a leading dot alone, as in a shell.
  let takesDotted: Bool

  /// - Parameter pattern: an absolute path with `*` only in its last component.
  init(pattern: String, site: EnforcementSite) throws(SystemError) {
    source = pattern
    // At slashes as bytes: a Character can be a slash with an accent on it.
    let components = pattern.utf8.split(separator: UInt8(ascii: "/"))
      .map { String(decoding: Array($0), as: UTF8.self) }
    let last = components.last ?? "*"
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

  /// What has a home's name.
  enum Entry: Sendable {
    case home(HomeStatus)
    /// A file system of its own, which may make a look at it wait.
    case mount
    /// Nothing, or no folder.
    case none
    case unreachable(SystemError)
  }

  /// A look that can't wait.
  func entry(_ name: FilePath) -> Entry {
    do throws(SystemError) {
      guard let status = try OpenAt2.status(of: name, in: anchor.folder) else { return .none }
      return status.type == .directory ? .home(HomeStatus(status, isMount: false)) : .none
    } catch {
      return error.errno == EXDEV ? .mount : .unreachable(error)
    }
  }

  /// A look at a mount, which may wait: for a home worker.
  static func mountedEntry(_ name: FilePath, in anchor: Anchor) -> Entry {
    do throws(SystemError) {
      guard let status = try anchor.folder.statusIfExists(of: name) else { return .none }
      return status.type == .directory
        ? .home(HomeStatus(status, isMount: status.mount != anchor.mount)) : .none
    } catch {
      return .unreachable(error)
    }
  }
}

/// Whose a home is, and whether it is a mount of its own.
struct HomeStatus: Hashable, Sendable {
  var uid: UInt32
  var gid: UInt32
  var isMount: Bool

  init(_ status: FileStatus, isMount: Bool) {
    uid = status.uid
    gid = status.gid
    self.isMount = isMount
  }
}

/// A home and its targets.
struct Home {
  var user: UserIdentity
  var status: HomeStatus
  var targets: [TargetID]
}
