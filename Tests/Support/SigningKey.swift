import Foundation

/// A key of a test, and the real `ssh-keygen` that signs with it.
public struct SigningKey {
  private let path: String
  /// As it stands in the `.pub` file.
  public let line: String

  /// Whether this machine has the program.
  public static let isAvailable = FileManager.default.isExecutableFile(atPath: program)
  static let program = "/usr/bin/ssh-keygen"

  /// - Parameter type: what `ssh-keygen -t` takes, and its further options.
  public init(_ type: String..., in root: TemporaryRoot) {
    path = root.at("key-\(UInt32.random(in: 0...UInt32.max))")
    Self.run(["-q", "-N", "", "-C", "test", "-f", path, "-t"] + type)
    let text = try? String(contentsOfFile: path + ".pub", encoding: .utf8)
    line = (text ?? "").trimmingCharacters(in: .newlines)
  }

  /// Makes `file.sig` beside the file, by rename.
  public func sign(_ file: String, namespace: String = "mcpolicyd", _ options: String...) {
    try? FileManager.default.removeItem(atPath: file + ".sig")
    Self.run(["-q", "-Y", "sign", "-n", namespace, "-f", path] + options + [file])
  }

  private static func run(_ arguments: [String]) {
    let child = RunningDaemon.spawn([program] + arguments, stderr: "/dev/null")
    precondition(RunningDaemon.wait(child) == 0, "ssh-keygen \(arguments)")
  }

  /// Whether `ssh-keygen -Y verify` takes a signature of that key.
  public static func takes(
    signature: String, of content: String, key: String, namespace: String, in root: TemporaryRoot
  ) -> Bool {
    root.write("allowed_signers", "tester \(key)\n")
    root.write("signature", signature)
    root.write("content", content)
    let script =
      "exec \(program) -Y verify -f allowed_signers -I tester -n \(namespace) -s signature <content"
    let child = RunningDaemon.spawn(
      ["sh", "-c", "cd \(root.path) && \(script)"], stderr: "/dev/null")
    return RunningDaemon.wait(child) == 0
  }
}
