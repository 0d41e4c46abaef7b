import MCPConfig

/// One word of the command line that a server's definition starts.
struct LaunchWord {
  var bytes: [UInt8]
  var field: String
  var offset: Int

  /// For comparing with what documentation spells in ASCII. Bytes outside of ASCII equal nothing
  /// there: `String` would find look-alikes equal.
  var text: String {
    bytes.allSatisfy { $0 < 0x80 } ? String(decoding: bytes, as: UTF8.self) : "\u{FFFD}"
  }

  var lowercased: String { text.lowercased() }

  var isOption: Bool { bytes.count > 1 && bytes[0] == UInt8(ascii: "-") }

  /// The program's name, without its folder and the suffixes of Windows.
  var program: String {
    var last = self
    last.bytes = Array(
      bytes.split(whereSeparator: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }).last
        ?? [])
    let name = last.lowercased
    let suffix = [".exe", ".cmd", ".bat", ".ps1"].first { name.hasSuffix($0) && name != $0 }
    return suffix.map { String(name.dropLast($0.count)) } ?? name
  }
}

/// The command line of a definition.
struct Launch {
  /// The command first.
  var words: [LaunchWord]

  /// Nil for a server that isn't started but connected to.
  init?(_ definition: JSON) {
    guard let command = definition["command"], let bytes = command.string?.bytes else { return nil }
    words = [LaunchWord(bytes: bytes, field: "command", offset: command.offset)]
    for (index, argument) in (definition["args"]?.elements ?? []).enumerated() {
      guard let bytes = argument.string?.bytes else { continue }
      words.append(LaunchWord(bytes: bytes, field: "args[\(index)]", offset: argument.offset))
    }
  }
}
