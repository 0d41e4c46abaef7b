import Foundation
import Support

/// A process that attacks.
final class Attacker {
  private let child: pid_t
  private let output: String
  private var status: Int32?

  /// - Parameter uid: as whom; nil stays root, for what only root can arrange.
  /// - Parameter wrapper: what it runs under, such as `nsenter` with its arguments.
  init(
    as uid: uid_t?, in folder: String, _ attack: String, rounds: Int, _ arguments: [String],
    output: String, under wrapper: [String] = []
  ) {
    self.output = output
    let command =
      wrapper + [
        "\(RunningDaemon.products)/attacker", "--as", uid.map(String.init) ?? "root", folder,
        attack, String(rounds),
      ] + arguments
    child = RunningDaemon.spawn(command, stderr: output, stdout: output)
  }

  deinit {
    if status == nil { stop() }
    unlink(output)
  }

  /// What it printed.
  var text: String {
    String(decoding: FileManager.default.contents(atPath: output) ?? Data(), as: UTF8.self)
  }

  /// Waits for its last round: 0 if all were done.
  @discardableResult
  func finish() -> Int32 {
    if let status { return status }
    var raw: Int32 = 0
    while waitpid(child, &raw, 0) < 0, errno == EINTR {}
    let ended = raw & 0x7F == 0 ? raw >> 8 & 0xFF : -(raw & 0x7F)
    status = ended
    return ended
  }

  func stop() {
    kill(child, SIGKILL)
    finish()
  }
}
