/// An `mcp.json` as a client reads it: a document with servers in named sections.
public struct ConfigDocument: Sendable {
  public let root: JSON
  public let servers: [ServerEntry]
  /// What stands where a client expects something else.
  public let misshapen: [Misshapen]
  private let places: [Place: Int]

  private struct Place: Hashable {
    var section: ServerSection
    var name: ByteString
  }

  public init(parsing text: [UInt8], as dialect: JSONDialect = .strict) throws(JSONError) {
    self.init(root: try JSON(parsing: text, as: dialect))
  }

  public init(root: JSON) {
    self.root = root
    var servers: [ServerEntry] = []
    var misshapen: [Misshapen] = []
    if root.members == nil {
      misshapen.append(Misshapen(field: "", found: root.typeName, wanted: "an object"))
    }
    for section in ServerSection.allCases {
      guard let entries = section.value(in: root) else { continue }
      guard let members = entries.members else {
        misshapen.append(
          Misshapen(field: section.rawValue, found: entries.typeName, wanted: "an object"))
        continue
      }
      for member in members {
        servers.append(
          ServerEntry(
            section: section, name: member.key, definition: member.value, offset: member.keyOffset))
        misshapen += Misshapen.ofServer(member.key, member.value)
      }
    }
    self.servers = servers
    self.misshapen = misshapen + Misshapen.lookAlikes(in: root, servers)
    places = Dictionary(
      servers.indices.lazy.map {
        (Place(section: servers[$0].section, name: servers[$0].name), $0)
      },
      uniquingKeysWith: { first, _ in first })
  }

  /// The server of that name in that section.
  public func server(_ name: ByteString, in section: ServerSection) -> ServerEntry? {
    places[Place(section: section, name: name)].map { servers[$0] }
  }

  /// The document with the servers that don't pass taken out, everything else as it was.
  public func filtered(_ keeps: (ServerEntry) -> Bool) -> ConfigDocument {
    let dropped = servers.filter { !keeps($0) }
    var root = root
    for section in ServerSection.allCases {
      let names = Set(dropped.lazy.filter { $0.section == section }.map(\.name))
      if !names.isEmpty { section.remove(names, from: &root) }
    }
    return ConfigDocument(root: root)
  }
}

extension ConfigDocument {
  /// What stands outside of the servers. A section that servers stood in, here or in the other
  /// document, isn't part of it unless it holds more than they.
  public func rest(besides other: ConfigDocument) -> JSON {
    var rest = root
    for section in ServerSection.allCases {
      let isFilled = holds(section)
      if isFilled { section.clear(&rest) }
      if isFilled || other.holds(section) { section.prune(&rest) }
    }
    return rest
  }

  private func holds(_ section: ServerSection) -> Bool {
    servers.contains { $0.section == section }
  }
}

/// One server a client would start.
public struct ServerEntry: Sendable {
  public let section: ServerSection
  public let name: ByteString
  public let definition: JSON
  /// Bytes from the start of the text to the server's name.
  public let offset: Int

  /// SHA-256 of the definition's canonical form.
  public var sha256: SHA256Digest { definition.canonicalSHA256 }
}

/// Where in the document servers stand. Kiro reads both.
public enum ServerSection: String, CaseIterable, Sendable {
  case servers = "mcpServers"
  case powers = "powers.mcpServers"

  private var path: [ByteString] {
    switch self {
    case .servers: ["mcpServers"]
    case .powers: ["powers", "mcpServers"]
    }
  }

  func value(in root: JSON) -> JSON? {
    var value: JSON? = root
    for key in path { value = value?[key] }
    return value
  }

  func remove(_ names: Set<ByteString>, from root: inout JSON) {
    root.update(at: path[...]) { section in
      guard let members = section.members else { return }
      section.content = .object(members.filter { !names.contains($0.key) })
    }
  }

  func clear(_ root: inout JSON) {
    root.update(at: path[...]) { $0.content = .object([]) }
  }

  /// Takes out the section if it is an empty object, and then the object around it.
  func prune(_ root: inout JSON) {
    for length in (1...path.count).reversed() {
      root.update(at: path[..<(length - 1)]) { parent in
        guard let members = parent.members else { return }
        parent.content = .object(
          members.filter { $0.key != path[length - 1] || $0.value.members?.isEmpty != true })
      }
    }
  }
}

extension JSON {
  fileprivate mutating func update(at path: ArraySlice<ByteString>, _ change: (inout JSON) -> Void)
  {
    guard let key = path.first else { return change(&self) }
    guard var members = members, let index = members.firstIndex(where: { $0.key == key }) else {
      return
    }
    members[index].value.update(at: path.dropFirst(), change)
    content = .object(members)
  }
}
