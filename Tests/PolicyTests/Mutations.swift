import MCPConfig

/// One change of one server's definition.
struct Mutation: CustomStringConvertible {
  var section: ServerSection
  var server: ByteString
  /// The key of the definition at or below which it is.
  var field: ByteString
  var document: JSON
  /// What stands at the field before and after.
  var before: JSON?
  var after: JSON?

  var description: String {
    let values = [before, after].map { $0.map { String(decoding: $0.compactForm, as: UTF8.self) } }
    return "\(server.shown).\(field.shown): \(values[0] ?? "nothing") -> \(values[1] ?? "nothing")"
  }
}

extension ConfigDocument {
  /// Every server with every key changed in turn: taken out, added, of every other type, and each
  /// element and each key below it the same way.
  var mutations: [Mutation] {
    servers.flatMap { server -> [Mutation] in
      let members = server.definition.members ?? []
      let changed = members.flatMap { member in
        ([nil] + member.value.changes).map { (member.key, member.value, $0) }
      }
      let added: [(ByteString, JSON?, JSON?)] = [
        "unknown", "disabled", "autoApprove", "env", "url",
      ]
      .filter { server.definition[$0] == nil }
      .flatMap { key in ([true, "x", ["x"]] as [JSON]).map { (key, nil, $0) } }
      return (changed + added).map { key, before, after in
        Mutation(
          section: server.section, server: server.name, field: key,
          document: root.replacing(after, at: server.section.keys + [server.name, key]),
          before: before, after: after)
      }
    }
  }
}

extension ServerSection {
  fileprivate var keys: [ByteString] {
    switch self {
    case .servers: ["mcpServers"]
    case .powers: ["powers", "mcpServers"]
    }
  }
}

extension JSON {
  /// The value with another one, or none, at the path; a key that isn't there is added last.
  fileprivate func replacing(_ value: JSON?, at path: [ByteString]) -> JSON {
    var members = members ?? []
    let key = path[0]
    let old = self[key]
    let new = path.count == 1 ? value : (old ?? [:]).replacing(value, at: Array(path.dropFirst()))
    if let index = members.firstIndex(where: { $0.key == key }) {
      members.remove(at: index)
      if let new { members.insert(Member(key: key, value: new), at: index) }
    } else if let new {
      members.append(Member(key: key, value: new))
    }
    return JSON(.object(members))
  }

  /// Other values in its place: of each other type, and of its own.
  fileprivate var changes: [JSON] {
    let types: [JSON] = [.null, true, 1, "x", [], ["x"], [:], ["x": "y"]]
    return types.filter { $0.typeName != typeName } + ownChanges
  }

  private var ownChanges: [JSON] {
    switch content {
    case .null: []
    case .bool(let bool): [.bool(!bool)]
    case .number: [424_242, JSON(.number("0.75"))]
    case .string(let string):
      [
        .bytes(ByteString(string.bytes + [0x20])), .bytes(ByteString(string.bytes + [0])), "",
        .bytes(ByteString(string.bytes.map { 0x61...0x7A ~= $0 ? $0 - 0x20 : $0 })),
        // The same to Unicode if it ends with an e.
        .bytes(ByteString(string.text + "\u{301}")),
      ]
    case .array(let elements): Self.changes(of: elements).map { .array($0) }
    case .object(let members): Self.changes(of: members).map { JSON(.object($0)) }
    }
  }

  private static func changes(of elements: [JSON]) -> [[JSON]] {
    var changes: [[JSON]] = [elements + ["x"], ["x"] + elements, elements + [.null]]
    for index in elements.indices {
      var without = elements
      without.remove(at: index)
      changes.append(without)
      changes.append(elements + [elements[index]])
      for value in elements[index].changes {
        var changed = elements
        changed[index] = value
        changes.append(changed)
      }
    }
    if elements.count > 1 { changes.append(elements.reversed()) }
    return changes
  }

  private static func changes(of members: [Member]) -> [[Member]] {
    var changes = [members + [Member(key: "unknown key", value: "x")]]
    for index in members.indices {
      var without = members
      without.remove(at: index)
      changes.append(without)
      var renamed = members
      renamed[index].key = ByteString(members[index].key.bytes + [0x5F])
      changes.append(renamed)
      for value in members[index].value.changes {
        var changed = members
        changed[index].value = value
        changes.append(changed)
      }
    }
    return changes
  }
}
