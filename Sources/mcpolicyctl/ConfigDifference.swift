import MCPConfig
import Policy

/// Where two configurations don't mean the same, by server and field.
struct ConfigDifference {
  struct Field {
    /// The keys that lead there.
    var path: [ByteString]
    var approved: JSON?
    var found: JSON?

    var name: String { path.isEmpty ? "(definition)" : ShownValue.field(path) }
    var approvedText: String? { approved.map { ShownValue.text($0, at: path) } }

    /// Two secrets of one length look the same under their masks.
    var foundText: String? {
      guard let text = found.map({ ShownValue.text($0, at: path) }) else { return nil }
      return text == approvedText ? "\(text), another value" : text
    }
  }

  enum Change: String {
    case added, removed, changed
  }

  struct Server {
    var section: ServerSection
    var name: ByteString
    var change: Change
    var fields: [Field]
  }

  /// Those that differ, in the order of what is approved and then of what was found.
  var servers: [Server] = []
  /// What differs outside of the servers.
  var document: [Field]

  var isEmpty: Bool { servers.isEmpty && document.isEmpty }

  init(approved: ConfigDocument, found: ConfigDocument) {
    document = Self.fields(
      approved: approved.rest(besides: found), found: found.rest(besides: approved))
    for server in approved.servers {
      let other = found.server(server.name, in: server.section)
      let fields = Self.fields(approved: server.definition, found: other?.definition)
      if other == nil || !fields.isEmpty { add(server, other == nil ? .removed : .changed, fields) }
    }
    for server in found.servers where approved.server(server.name, in: server.section) == nil {
      add(server, .added, Self.fields(approved: nil, found: server.definition))
    }
  }

  private mutating func add(_ server: ServerEntry, _ change: Change, _ fields: [Field]) {
    servers.append(
      Server(section: server.section, name: server.name, change: change, fields: fields))
  }

  static func fields(approved: JSON?, found: JSON?) -> [Field] {
    var fields: [Field] = []
    func visit(_ approved: JSON?, _ found: JSON?, _ path: [ByteString]) {
      let before = approved?.members
      let after = found?.members
      // What is an object on both sides, or stands on one side alone, differs by its members.
      let splits =
        before != nil && after != nil || approved == nil && after?.isEmpty == false
        || found == nil && before?.isEmpty == false
      guard splits else {
        if approved?.canonicalForm != found?.canonicalForm {
          fields.append(Field(path: path, approved: approved, found: found))
        }
        return
      }
      let valuesBefore = values(before)
      let valuesAfter = values(after)
      for member in before ?? [] {
        visit(member.value, valuesAfter[member.key], path + [member.key])
      }
      for member in after ?? [] where valuesBefore[member.key] == nil {
        visit(nil, member.value, path + [member.key])
      }
    }
    visit(approved, found, [])
    return fields
  }

  private static func values(_ members: [JSON.Member]?) -> [ByteString: JSON] {
    Dictionary(
      (members ?? []).lazy.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}

extension ConfigDifference {
  var json: [(String, JSON)] {
    [
      ("servers", .array(servers.map(\.json))), ("document", .array(document.map(\.json))),
    ]
  }
}

extension ConfigDifference.Server {
  var json: JSON {
    [
      "server": .bytes(ShownValue.name(name)), "section": .text(section.rawValue),
      "change": .text(change.rawValue), "fields": .array(fields.map(\.json)),
    ]
  }

  var title: String {
    "\(ShownValue.name(name).escaped)\(section == .powers ? " (power)" : "")"
  }
}

extension ConfigDifference.Field {
  var json: JSON {
    [
      "field": .text(name), "approved": .optional(approvedText), "found": .optional(foundText),
    ]
  }
}
