import MCPConfig

/// Parts of a definition as they may be shown to anyone who may see that there is a difference.
///
/// What usually holds secrets shows only how long it is, whether it looks like one or not: a check
/// for looks misses some, and this is for people's terminals and the logs of their builds.
public enum ShownValue {
  /// A server's or a key's name: escaped it is harmless, but it may be a misplaced secret.
  public static func name(_ name: ByteString) -> ByteString { SafeName(name).bytes }

  /// A place in a definition, as findings name it.
  public static func field(_ path: [ByteString]) -> String {
    path.map { SafeName($0).text }.joined(separator: ".")
  }

  /// A value in one line.
  /// - Parameter path: the keys that lead to it from the definition.
  public static func text(_ value: JSON, at path: [ByteString]) -> String {
    guard let key = path.first else { return masked(value) }
    switch key {
    case "args":
      return list(value) { arguments($0) }
    case "autoApprove", "disabledTools":
      return list(value) { $0.map { $0.string.map { quoted(ShownWord.text($0.bytes)) } } }
    case "command", "cwd", "type", "url":
      return value.string.map { quoted(ShownWord.text($0.bytes)) } ?? masked(value)
    case "timeout":
      if case .number(let spelling) = value.content { return spelling.shown }
      return masked(value)
    default:
      return masked(value)
    }
  }

  /// - Parameter texts: for each element, nil for one that isn't a string.
  private static func list(_ value: JSON, _ texts: ([JSON]) -> [String?]) -> String {
    guard let elements = value.elements else { return masked(value) }
    let shown = zip(elements.prefix(most), texts(Array(elements.prefix(most)))).map {
      $1 ?? masked($0)
    }
    return bracketed("[]", shown, of: elements.count)
  }

  private static func arguments(_ elements: [JSON]) -> [String?] {
    var before: [UInt8] = []
    return elements.map { element in
      guard let bytes = element.string?.bytes else { return nil }
      defer { before = bytes }
      return quoted(ShownWord.text(bytes, after: before))
    }
  }

  /// The shape of the value: keys, and how long each text is.
  private static func masked(_ value: JSON) -> String {
    switch value.content {
    case .null: return "null"
    case .bool(let bool): return bool ? "true" : "false"
    case .number: return "\(ShownWord.mask) (a number)"
    case .string(let string):
      return ShownWord.isReference(string.bytes)
        ? quoted(string.text) : ShownWord.length(string.bytes)
    case .array(let elements):
      return bracketed("[]", elements.prefix(most).map(masked), of: elements.count)
    case .object(let members):
      let shown = members.prefix(most).map { "\(SafeName($0.key).text): \(masked($0.value))" }
      return bracketed("{}", shown, of: members.count)
    }
  }

  private static let most = 40

  private static func bracketed(_ brackets: String, _ shown: [String], of count: Int) -> String {
    let rest = count > shown.count ? ["… and \(count - shown.count) more"] : []
    return "\(brackets.prefix(1))\((shown + rest).joined(separator: ", "))\(brackets.suffix(1))"
  }

  private static func quoted(_ text: String) -> String { "\"\(ByteString(text).shown)\"" }
}
