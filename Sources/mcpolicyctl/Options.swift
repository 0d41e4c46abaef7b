import ArgumentParser
import Control
import Linux
import MCPConfig

/// What every verb takes.
struct CommonOptions: ParsableArguments {
  @Flag(help: "Print JSON.")
  var json = false

  @Option(
    help: ArgumentHelp("A folder to put before every path of the host.", valueName: "dir"),
    completion: .directory)
  var root: String?

  @Option(
    help: ArgumentHelp(
      "The control socket, if not /run/mcpolicyd/control.sock.", valueName: "path"),
    completion: .file())
  var socket: String?

  var socketPath: FilePath { FilePath(socket ?? onHost("/run/mcpolicyd/control.sock")) }

  /// An absolute path of the host, below the root.
  func onHost(_ path: String) -> String {
    guard var root else { return path }
    while root.hasSuffix("/") { root.removeLast() }
    return root + path
  }
}

extension CommonOptions {
  /// Asks the daemon for one reply.
  /// - Parameter patience: seconds to wait; long for what ends when every target was visited.
  func ask(
    _ verb: Verb, _ parameters: [(String, JSON)] = [], patience: Double = 10
  ) throws(Failure) -> JSON {
    do {
      return try LongCall.showing(verb) { () throws(ClientError) in
        try ControlClient.call(verb, .object(parameters), at: socketPath, timeout: patience)
      }
    } catch {
      throw Failure(error)
    }
  }

  static let rolloutPatience = 600.0
}
