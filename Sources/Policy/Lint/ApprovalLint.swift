import MCPConfig

/// What someone should look at before approving a configuration.
///
/// Each rule says what approving the text doesn't settle: other code, another place, a wider door.
public enum ApprovalLint {
  /// - Parameter text: the bytes that the document was parsed from, for lines and columns.
  /// - Returns: the warnings in the order of the text.
  public static func warnings(on document: ConfigDocument, text: [UInt8]) -> [LintWarning] {
    let places = PlaceTable(text)
    var found: [(offset: Int, warning: LintWarning)] = []
    func add(_ hits: [LintHit], _ server: ServerEntry) {
      let name = SafeName(server.name).bytes
      for hit in hits {
        found.append(
          (
            hit.offset,
            LintWarning(
              rule: hit.rule, server: name, field: hit.field,
              position: places.position(of: hit.offset), message: hit.message)
          ))
      }
    }
    for server in document.servers { add(hits(on: server), server) }
    for pair in ToolID.collisions(in: document) {
      add([collision(pair)], pair.second)
    }
    // By offset; of the same place, in the order of the rules.
    return found.enumerated().sorted {
      ($0.element.offset, $0.offset) < ($1.element.offset, $1.offset)
    }.map(\.element.warning)
  }

  private static func hits(on server: ServerEntry) -> [LintHit] {
    let definition = server.definition
    return (Launch(definition).map(LaunchLint.hits) ?? [])
      + EnvironmentLint.hits(definition) + AddressLint.hits(definition)
      + approvalHits(definition) + secretHits(server)
  }

  private static func approvalHits(_ definition: JSON) -> [LintHit] {
    guard let approvals = definition["autoApprove"] else { return [] }
    let all = (approvals.elements ?? [approvals]).enumerated().filter { $1.string == "*" }
    return all.map { index, element in
      LintHit(
        .autoApproveAll, approvals.elements == nil ? "autoApprove" : "autoApprove[\(index)]",
        element.offset,
        "\"*\" lets every tool run without anyone being asked, those of later versions too. "
          + "Name the tools that only read.")
    }
  }

  private static func secretHits(_ server: ServerEntry) -> [LintHit] {
    let findings = CredentialScan.findings(on: server, besides: nil)
    if findings.isEmpty { return [] }
    let places = FieldPlace.offsets(in: server.definition)
    return findings.map { finding in
      let field = finding.field ?? ""
      return LintHit(
        .literalSecret, field, places[field] ?? server.offset,
        "This holds what looks like a secret, and everyone who gets the configuration can read it. "
          + "Take it out and change it; use a ${VARIABLE} instead.")
    }
  }

  private static func collision(_ pair: ToolID.Collision) -> LintHit {
    LintHit(
      .toolIDCollision, "name", pair.second.offset,
      "Kiro gives its tools the same ids as those of \"\(SafeName(pair.first.name).text)\", so one "
        + "can pass for the other. Rename one: case, \"-\", \"_\" and space make no difference.")
  }
}
