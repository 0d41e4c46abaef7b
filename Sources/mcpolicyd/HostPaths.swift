import Glibc
import Linux

/// Where everything lies, below the root.
struct HostPaths {
  let root: FilePath
  let policy: FilePath

  init(_ options: Options) {
    let root = FilePath(options.root)
    self.root = Self.absolute(root)
    policy =
      options.policy.map { Self.absolute(FilePath($0)) }
      ?? Self.below(self.root, "etc/mcpolicyd/policy.json")
  }

  var isThrowaway: Bool { root.text != "/" }

  var state: FilePath { below("var/lib/mcpolicyd") }
  var baseline: FilePath { below("var/lib/mcpolicyd/baseline") }
  /// Revocations, grants and requests.
  var exceptions: FilePath { below("var/lib/mcpolicyd/exceptions") }
  var evidence: FilePath { below("var/lib/mcpolicyd/evidence") }
  /// What becomes of incidents.
  var incidents: FilePath { below("var/lib/mcpolicyd/incidents") }
  var ledger: FilePath { below("var/lib/mcpolicyd/ledger") }
  var runtime: FilePath { below("run/mcpolicyd") }
  var socket: FilePath { below("run/mcpolicyd/control.sock") }

  /// A path that the policy names.
  func below(_ path: String) -> FilePath { Self.below(root, path) }

  private static func below(_ root: FilePath, _ path: String) -> FilePath {
    root.appending(FilePath(String(path.drop { $0 == "/" })))
  }

  /// The working folder may change meaning; an absolute path doesn't.
  private static func absolute(_ path: FilePath) -> FilePath {
    guard path.bytes.first != UInt8(ascii: "/"), let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return FilePath(String(cString: folder)).appending(path)
  }
}
