import MCPConfig

/// Takes values out of a policy's text, or says where and why it can't.
struct PolicyReader {
  let text: [UInt8]
  let file: String

  func position(_ node: JSON) -> Position { Position(of: node.offset, in: text) }

  func error(_ node: JSON, _ message: String) -> PolicyError {
    PolicyError(file: file, position: position(node), message: message)
  }

  /// The members by key; a key that isn't one of `keys` is an error.
  func object(
    _ node: JSON, _ name: String, keys: Set<String>
  ) throws(PolicyError) -> [String: JSON] {
    guard let members = node.members else {
      throw error(node, "\(name) must be an object, not \(node.typeName)")
    }
    var fields: [String: JSON] = [:]
    for member in members {
      // By bytes: String equality would let a look-alike through.
      guard let key = keys.first(where: { ByteString($0) == member.key }) else {
        throw PolicyError(
          file: file, position: Position(of: member.keyOffset, in: text),
          message: "\(name) has no key \"\(member.key.escaped)\"; it knows \(list(keys))")
      }
      fields[key] = member.value
    }
    return fields
  }

  func required(
    _ fields: [String: JSON], _ key: String, of node: JSON
  ) throws(PolicyError) -> JSON {
    guard let field = fields[key] else { throw error(node, "the key \"\(key)\" is missing here") }
    return field
  }

  func array(_ node: JSON, _ name: String) throws(PolicyError) -> [JSON] {
    guard let elements = node.elements else {
      throw error(node, "\(name) must be an array, not \(node.typeName)")
    }
    return elements
  }

  func text(_ node: JSON, _ name: String) throws(PolicyError) -> String {
    guard let string = node.string, !string.isEmpty, !string.bytes.contains(0) else {
      throw error(node, "\(name) must be a string that isn't empty and has no NUL")
    }
    return string.text
  }

  /// One of the enumeration's words; nil for a key that isn't there.
  func word<Word: RawRepresentable & CaseIterable>(
    _ node: JSON?, _ name: String
  ) throws(PolicyError) -> Word? where Word.RawValue == String {
    guard let node else { return nil }
    let found = Word.allCases.first { node.string == ByteString($0.rawValue) }
    guard let found else {
      throw error(node, "\(name) must be one of \(list(Word.allCases.map(\.rawValue)))")
    }
    return found
  }

  func digest(_ node: JSON, _ name: String) throws(PolicyError) -> SHA256Digest {
    guard let digits = node.string, let digest = SHA256Digest(hexadecimal: digits) else {
      throw error(node, "\(name) must be 64 hexadecimal digits in quotes")
    }
    return digest
  }

  /// The components of a path that starts with `/` and names no folder by `.` or `..`.
  func absolutePath(_ node: JSON, _ name: String) throws(PolicyError) -> [String] {
    let path = try text(node, name)
    let components = components(of: path)
    guard path.utf8.first == UInt8(ascii: "/"), !components.isEmpty, !hasDots(components) else {
      throw error(node, "\(name) must be an absolute path without \".\" and \"..\"")
    }
    return components
  }

  /// Between slashes as bytes, which is how the kernel sees them: a `Character` can be a slash and an
  /// accent on it.
  func components(of path: String) -> [String] {
    path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
  }

  func hasDots(_ components: [String]) -> Bool {
    components.contains { [".", ".."].contains($0) }
  }

  func hasStar(_ component: String) -> Bool {
    component.utf8.contains(UInt8(ascii: "*"))
  }

  private func list(_ words: some Collection<String>) -> String {
    words.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
  }
}
