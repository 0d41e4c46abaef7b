import MCPConfig

/// The name under which a client knows a server's tools.
///
/// Kiro maps a server's name to lower case, `-` and space to `_`, drops what isn't a letter, a digit
/// or `_`, and cuts at 64 characters; so two names can become one.
public struct ToolID: Hashable, Sendable {
  public let bytes: [UInt8]

  public init(of name: ByteString) {
    // Asking Unicode costs a microsecond a name, and most names need only this.
    if name.bytes.allSatisfy({ $0 < 0x80 }) {
      bytes = Self.mapped(name.bytes.lazy.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 })
    } else {
      // Lower case as JavaScript has it: the Kelvin sign becomes a k.
      let lower = name.text.unicodeScalars.lazy.flatMap(\.properties.lowercaseMapping.utf8)
      bytes = Self.mapped(lower)
    }
  }

  private static func mapped(_ lower: some Sequence<UInt8>) -> [UInt8] {
    let mapped = lower.lazy.compactMap { byte -> UInt8? in
      switch byte {
      case UInt8(ascii: "-"), UInt8(ascii: " "), UInt8(ascii: "_"): UInt8(ascii: "_")
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
      default: nil
      }
    }
    return Array(mapped.prefix(64))
  }

  /// Two servers that become one.
  public struct Collision: Sendable {
    public var first: ServerEntry
    public var second: ServerEntry
  }

  /// Each server whose id an earlier one has already, with that one.
  public static func collisions(in document: ConfigDocument) -> [Collision] {
    var taken: [ToolID: ServerEntry] = [:]
    var collisions: [Collision] = []
    for server in document.servers {
      let id = ToolID(of: server.name)
      if let first = taken[id] {
        collisions.append(Collision(first: first, second: server))
      } else {
        taken[id] = server
      }
    }
    return collisions
  }
}
