import MCPConfig
import Policy

/// The command line that a client starts a server with, for finding what runs.
///
/// Only whole command lines match: who ends processes by them must not hit another. A program that
/// rewrites its own command line isn't found by it.
struct ProcessPattern: Equatable {
  let command: ByteString
  let args: [ByteString]

  /// Nil for a server that is reached by an address: nothing of it runs here.
  init?(definition: JSON) {
    guard let command = definition["command"]?.string, !command.isEmpty else { return nil }
    self.init(
      command: command, args: definition.list("args").compactMap(\.string))
  }

  init(command: ByteString, args: [ByteString]) {
    self.command = command
    self.args = args
  }

  /// Whether a process of that command line was started by the definition: by itself, or as the
  /// script that an interpreter runs (`node /usr/bin/npx ARGS…` is `npx ARGS…`).
  func matches(_ words: [ByteString]) -> Bool {
    guard words.count > args.count else { return false }
    let start = words.count - args.count - 1
    guard isCommand(words[start]), zip(words[(start + 1)...], args).allSatisfy(Self.isArgument)
    else { return false }
    return start == 0 || isInterpreter(words[..<start])
  }

  private func isCommand(_ word: ByteString) -> Bool {
    // A bare name is looked up in PATH by the client, so that the process may show its path.
    command.bytes.contains(UInt8(ascii: "/"))
      ? word == command : Self.name(word) == command
  }

  /// `${NAME}` was replaced by what it stood for.
  private static func isArgument(_ word: ByteString, _ argument: ByteString) -> Bool {
    var pattern: [UInt8] = []
    var rest = argument.bytes[...]
    var isPattern = false
    while let open = rest.firstRange(of: "${".utf8),
      let close = rest[open.upperBound...].firstIndex(of: UInt8(ascii: "}"))
    {
      pattern += rest[..<open.lowerBound] + [UInt8(ascii: "*")]
      rest = rest[(close + 1)...]
      isPattern = true
    }
    return isPattern ? Glob(pattern: pattern + rest).matches(word.bytes) : word == argument
  }

  /// What stands before a script: an interpreter, and options of it.
  private func isInterpreter(_ words: ArraySlice<ByteString>) -> Bool {
    guard let first = words.first else { return false }
    let name = Self.name(first).bytes.prefix { !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0) }
    return Self.interpreters.contains(ByteString(name))
      && words.dropFirst().allSatisfy { $0.bytes.first == UInt8(ascii: "-") }
  }

  /// Without the digits of a version.
  private static let interpreters: Set<ByteString> = [
    "python", "node", "nodejs", "bun", "deno", "ruby", "perl", "sh", "bash", "dash", "zsh", "ksh",
  ]

  private static func name(_ word: ByteString) -> ByteString {
    let bytes = word.bytes
    return bytes.lastIndex(of: UInt8(ascii: "/")).map { ByteString(bytes[($0 + 1)...]) } ?? word
  }
}
