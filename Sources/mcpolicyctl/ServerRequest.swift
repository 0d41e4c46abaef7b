import MCPConfig
import Policy

/// How a developer asks for a server that they don't have.
enum ServerRequest {
  private static let most = 5

  /// One line a server, each once.
  static func hints(_ servers: [ByteString]) -> [String] {
    var named: [ByteString] = []
    for server in servers where !named.contains(server) { named.append(server) }
    let lines = named.prefix(most).map {
      "to be given \(ShownValue.name($0).escaped): mcpolicyctl request \(word($0)) --reason \"why you need it\""
    }
    return lines + (named.count > most ? ["and the same for \(named.count - most) more"] : [])
  }

  /// The name as a shell takes it; a name that can't be shown as it is has to be typed.
  static func word(_ name: ByteString) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-@/:+".utf8)
    guard !name.isEmpty, name.bytes.first != UInt8(ascii: "-"), name.escaped == name.text,
      ShownValue.name(name) == name
    else { return "SERVER" }
    if name.bytes.allSatisfy(plain.contains) { return name.text }
    let quoted = name.text.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''")
    return "'\(quoted)'"
  }
}
