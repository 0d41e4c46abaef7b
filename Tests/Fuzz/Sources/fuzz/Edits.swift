import MCPConfig

/// Changes to a document, spelled as bytes that a fuzzer can turn: each edit is a way down the tree,
/// one byte a step, and what to do there.
struct Edits {
  /// Planted where a value or a name belongs. It opens nothing: its shape is all it has.
  static let secret = Array("AKIAFUZZFUZZFUZZFUZZ".utf8)

  private let script: [UInt8]

  init(script: [UInt8]) { self.script = script }

  func applied(to root: JSON) -> JSON {
    var root = root
    var rest = script[...]
    // Few edits find what many would hide.
    for _ in 0..<4 {
      guard let steps = rest.popFirst() else { break }
      let path = rest.prefix(Int(steps % 6))
      rest = rest.dropFirst(path.count)
      guard let what = rest.popFirst() else { break }
      let with = rest.popFirst() ?? 0
      edit(&root, path, what, with)
    }
    return root
  }

  private func edit(_ value: inout JSON, _ path: ArraySlice<UInt8>, _ what: UInt8, _ with: UInt8) {
    guard let step = path.first else {
      return change(&value, what, with)
    }
    switch value.content {
    case .object(var members) where !members.isEmpty:
      let index = Int(step) % members.count
      edit(&members[index].value, path.dropFirst(), what, with)
      value.content = .object(members)
    case .array(var elements) where !elements.isEmpty:
      let index = Int(step) % elements.count
      edit(&elements[index], path.dropFirst(), what, with)
      value.content = .array(elements)
    default: change(&value, what, with)
    }
  }

  private func change(_ value: inout JSON, _ what: UInt8, _ with: UInt8) {
    let new = Self.values[Int(with) % Self.values.count]
    let key = Self.keys[Int(with) % Self.keys.count]
    switch (what % 5, value.content) {
    case (1, .object(var members)) where !members.isEmpty:
      members.remove(at: Int(with) % members.count)
      value.content = .object(members)
    case (1, .array(var elements)) where !elements.isEmpty:
      elements.remove(at: Int(with) % elements.count)
      value.content = .array(elements)
    case (2, .object(var members)):
      let added = Self.values[Int(what / 5) % Self.values.count]
      if let index = members.firstIndex(where: { $0.key == key }) {
        members[index].value = added
      } else {
        members.append(JSON.Member(key: key, value: added))
      }
      value.content = .object(members)
    case (2, .array(let elements)): value.content = .array(elements + [new])
    case (3, .object(let members)): value.content = .object(members.reversed())
    case (3, .array(let elements)): value.content = .array(elements.reversed())
    case (3, .bool(let bool)): value.content = .bool(!bool)
    case (4, .string(var string)):
      string.bytes.append(UInt8(ascii: "a") + with % 26)
      value.content = .string(string)
    default: value.content = new.content
    }
  }

  private static let keys: [ByteString] = [
    "disabled", "autoApprove", "disabledTools", "command", "args", "env", "url", "headers",
    "mcpServers", "powers", "Disabled", "timeout", "", ByteString(secret),
  ]

  private static let values: [JSON] = [
    .null, true, false, 0, "", "a", [], ["a"], [:], ["a": "b"], ["a", 1],
    .bytes(ByteString(secret)), ["command": "a"], ["mcpServers": [:]],
    ["mcpServers": ["a": ["command": "a"]]], ["command": "a", "url": "https://a/"],
  ]
}
