import MCPConfig
import Policy

/// Which servers each user has in effect, for the ledger.
struct Inventory: Sendable {
  var generation: Int
  var users: [UserIdentity]
  /// Nil while nothing is approved.
  var copy: ApprovedCopy?
  var whitelist: Whitelist

  /// Bytes of one record, about.
  static let partSize = 64 << 10

  /// The data of the records that tell it: as many as it takes. A user whose servers don't fit into
  /// one stands in several.
  var records: [JSON] {
    var parts: [[JSON.Member]] = [[]]
    var size = 0
    for (user, servers) in entries {
      let weight = servers.reduce(user.bytes.count) { $0 + $1.canonicalForm.count }
      if size > 0, size + weight > Self.partSize {
        parts.append([])
        size = 0
      }
      parts[parts.count - 1].append(JSON.Member(key: user, value: .array(servers)))
      size += weight
    }
    return parts.enumerated().map { index, users in
      [
        "generation": .int(generation), "part": .int(index + 1), "parts": .int(parts.count),
        "users": JSON(.object(users)),
      ]
    }
  }

  private var entries: [(ByteString, [JSON])] {
    // Two accounts of one name, as two directories may have them, would be one member twice.
    var names: Set<ByteString> = []
    return users.flatMap { user -> [(ByteString, [JSON])] in
      guard names.insert(ByteString(user.name)).inserted else { return [] }
      let servers = (copy?.document.servers ?? []).filter {
        whitelist.decide($0, for: user).isAllowed
      }
      return pieces(of: Set(servers.map(\.name)).sorted()).map { (ByteString(user.name), $0) }
    }
  }

  /// Names in pieces that fit into a record.
  private func pieces(of names: [ByteString]) -> [[JSON]] {
    var pieces: [[JSON]] = [[]]
    var size = 0
    for name in names {
      let name = JSON.bytes(name.clipped)
      let weight = name.canonicalForm.count
      if size + weight > Self.partSize {
        pieces.append([])
        size = 0
      }
      pieces[pieces.count - 1].append(name)
      size += weight
    }
    return pieces
  }
}
