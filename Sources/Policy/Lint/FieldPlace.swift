import MCPConfig

/// Where in a text the place is that a finding or a warning names.
public enum FieldPlace {
  /// The offsets of all fields of a definition, `args[1]` or `env.PATH`, found in one pass.
  static func offsets(in definition: JSON) -> [String: Int] {
    var offsets: [String: Int] = [:]
    func visit(_ value: JSON, _ path: String) {
      for member in value.members ?? [] {
        let own = (path.isEmpty ? "" : path + ".") + SafeName(member.key).text
        // Two names may be shown alike: the first stands for both.
        offsets[own] = offsets[own] ?? member.keyOffset
        visit(member.value, own)
      }
      for (index, element) in (value.elements ?? []).enumerated() {
        let own = "\(path)[\(index)]"
        offsets[own] = offsets[own] ?? element.offset
        visit(element, own)
      }
    }
    visit(definition, "")
    return offsets
  }

  /// The offset of what a finding is about; nil where that isn't in the document.
  public static func offset(of finding: Finding, in document: ConfigDocument) -> Int? {
    guard let name = finding.server else {
      // A key of the document, or a section of servers.
      guard let field = finding.field else { return nil }
      return find(field, document.root, "")
    }
    let named = document.servers.filter { $0.name == name || SafeName($0.name).bytes == name }
    guard let first = named.first, let field = finding.field else { return named.first?.offset }
    // A name of both sections: the one that has the field.
    return named.lazy.compactMap { find(field, $0.definition, "") }.first ?? first.offset
  }

  private static func find(_ field: String, _ value: JSON, _ path: String) -> Int? {
    for member in value.members ?? [] {
      let own = (path.isEmpty ? "" : path + ".") + SafeName(member.key).text
      if own == field { return member.keyOffset }
      if field.hasPrefix(own), let offset = find(field, member.value, own) { return offset }
    }
    for (index, element) in (value.elements ?? []).enumerated() {
      let own = "\(path)[\(index)]"
      if own == field { return element.offset }
      if field.hasPrefix(own), let offset = find(field, element, own) { return offset }
    }
    return nil
  }
}
