import MCPConfig

/// The model: sections, servers, and documents with some of them taken out.
struct ConfigProperties {
  let text: [UInt8]

  func check() {
    guard let document = try? ConfigDocument(parsing: text, as: .comments) else { return }
    for server in document.servers {
      expect(text[server.offset] == UInt8(ascii: "\""), "a server's offset is its name's")
      let found = document.server(server.name, in: server.section)
      expect(found?.offset == server.offset, "a server is found by its name and section")
      expect(server.sha256 == server.definition.canonicalSHA256, "its digest is its definition's")
    }
    for place in document.misshapen {
      expect(!place.complaint.isEmpty, "what is misshapen is told in words")
    }
    let names = document.servers.map(\.name.bytes)
    checkFiltered(document) { _ in true }
    checkFiltered(document) { _ in false }
    checkFiltered(document) { $0.name.bytes.count.isMultiple(of: 2) }
    checkFiltered(document) { names.first != $0.name.bytes }
    checkRest(document)
  }

  private func checkFiltered(_ document: ConfigDocument, _ keeps: (ServerEntry) -> Bool) {
    let filtered = document.filtered(keeps)
    let kept = document.servers.filter(keeps)
    expect(filtered.servers.count == kept.count, "as many servers are left as pass")
    for (left, right) in zip(filtered.servers, kept) {
      expect(left.name == right.name && left.section == right.section, "they are the same ones")
      expect(left.sha256 == right.sha256, "with the same definitions")
    }
    let isWhole = kept.count == document.servers.count
    let isSame = filtered.root.canonicalForm == document.root.canonicalForm
    expect(isWhole == isSame, "a document changes exactly if it loses a server")
    let again = try? ConfigDocument(parsing: filtered.root.prettyForm)
    expect(again?.root.canonicalForm == filtered.root.canonicalForm, "what is left can be read")
  }

  private func checkRest(_ document: ConfigDocument) {
    let rest = document.rest(besides: document)
    expect(ConfigDocument(root: rest).servers.isEmpty, "no server stands in the rest")
    let without = document.filtered { _ in false }
    let restWithout = without.rest(besides: document)
    expect(rest.canonicalForm == restWithout.canonicalForm, "the rest depends on no server")
  }
}
