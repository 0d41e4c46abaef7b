import Control

/// What the command line asks for.
struct Options: Equatable {
  /// Stands before every path.
  var root = "/"
  /// Read in place of the policy below the root.
  var policy: String?

  enum Request: Equatable {
    case run(Options)
    case print(String)
    case refuse(String)
  }

  static let usage = """
    usage: mcpolicyd [--root DIR] [--policy FILE]

    Keeps every MCP configuration on this host equal to what was approved.

      --root DIR     put DIR before every path, for a demo, a test or an image
      --policy FILE  read FILE in place of /etc/mcpolicyd/policy.json
      --version      print the version
      --help         print this

    Exit: 0 stopped, 2 bad usage or policy or state of a later version, 5 failed.

    """

  static func parse(_ arguments: [String]) -> Request {
    var options = Options()
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      switch name {
      case "--help", "-h": return .print(usage)
      case "--version": return .print("mcpolicyd \(ServiceInfo.mcpolicyd.version)\n")
      case "--root", "--policy":
        let value = parts.count > 1 ? String(parts[1]) : rest.popFirst()
        guard let value, !value.isEmpty else { return .refuse("\(name) needs a value") }
        if name == "--root" { options.root = value } else { options.policy = value }
      default: return .refuse("unknown argument \"\(argument)\"")
      }
    }
    return .run(options)
  }
}
