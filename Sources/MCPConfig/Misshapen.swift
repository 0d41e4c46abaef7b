extension ConfigDocument {
  /// A place in the document where clients can't all read what stands there, or not all the same.
  public struct Misshapen: Sendable, Hashable {
    public var server: ByteString?
    public var field: String
    public var found: String
    public var wanted: String

    /// In words, for messages.
    public var complaint: String { complaint(naming: \.shown) }

    /// In words, with the server's name as the caller shows it.
    public func complaint(naming name: (ByteString) -> String) -> String {
      let place = field.isEmpty ? "the document" : "\"\(field)\""
      let subject = server.map { "server \"\(name($0))\"" } ?? place
      return "a client expects \(wanted) at \(subject), not \(found)"
    }
  }
}

extension ConfigDocument.Misshapen {
  /// Keys of one object that differ in bytes, but not for a client that compares text by Unicode's
  /// canonical equivalence, as Swift does: it keeps one of the two, and which one isn't said.
  static func lookAlikes(in root: JSON, _ servers: [ServerEntry]) -> [Self] {
    guard root.hasLookAlikeKeys else { return [] }
    let twins = "two that are the same to some"
    let wanted = "keys that are different to every client"
    var found: [Self] = []
    for server in servers where server.definition.hasLookAlikeKeys {
      found.append(Self(server: server.name, field: "", found: twins, wanted: wanted))
    }
    for section in ServerSection.allCases
    where section.value(in: root)?.hasLookAlikeKeysOfItsOwn == true {
      found.append(Self(field: section.rawValue, found: twins, wanted: wanted))
    }
    return found.isEmpty ? [Self(field: "", found: twins, wanted: wanted)] : found
  }
}

extension JSON {
  fileprivate var hasLookAlikeKeys: Bool {
    switch content {
    case .object(let members):
      hasLookAlikeKeysOfItsOwn || members.contains(where: \.value.hasLookAlikeKeys)
    case .array(let elements): elements.contains(where: \.hasLookAlikeKeys)
    case .null, .bool, .number, .string: false
    }
  }

  fileprivate var hasLookAlikeKeysOfItsOwn: Bool {
    guard let members else { return false }
    // Two keys of ASCII that differ in bytes differ to everyone.
    guard members.contains(where: { $0.key.bytes.contains { $0 >= 0x80 } }) else { return false }
    return Set(members.lazy.map(\.key.text)).count < members.count
  }
}
