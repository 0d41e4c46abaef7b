import MCPConfig
import Policy
import Testing

/// A finding by what machines read of it.
struct Found: Equatable, CustomStringConvertible {
  var kind: Finding.Kind
  var server: ByteString?
  var field: String?
  var rule: String

  init(
    _ kind: Finding.Kind, _ server: ByteString? = nil, _ field: String? = nil,
    rule: String = Finding.approved
  ) {
    self.kind = kind
    self.server = server
    self.field = field
    self.rule = rule
  }

  var description: String {
    "\(kind.rawValue) \(server?.shown ?? "-") \(field ?? "-") \(rule)"
  }
}

extension Verdict {
  var found: [Found] {
    findings.map { Found($0.kind, $0.server, $0.field, rule: $0.rule) }
  }

  /// What was found besides wrong types, which say once more that a definition changed.
  var changes: [Found] {
    found.filter { $0.kind != .unreadableConfig || $0.server == nil }
  }
}

extension Bench {
  /// The verdict on the approved file, in canonical form, with one piece replaced.
  func verdict(replacing piece: String, with other: String) -> Verdict {
    let canonical = String(decoding: copy.document.root.canonicalForm, as: UTF8.self)
    #expect(canonical.contains(piece))
    return verdict(canonical.replacing(piece, with: other, maxReplacements: 1))
  }
}
