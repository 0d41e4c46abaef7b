import Linux
import MCPConfig
import Policy

extension Explanation {
  var json: JSON {
    var members: [(String, JSON)] = [("path", .text(place.path)), ("on_disk", onDisk)]
    members.append(("approved", .text(judge.approvedPath)))
    if let content { members += contentMembers(content) }
    members += [
      ("verdict", .text(word)),
      ("findings", .array(findings.map { CheckedFile.json($0, placed: true) })),
      ("next", .text(ExplanationText.next(self))),
      ("requests", .array(ExplanationText.requests(self).map { .text($0) })),
    ]
    return .object(members)
  }

  private var onDisk: JSON {
    [
      "type": .text(place.status.type.rawValue), "size": .int(place.status.size),
      "uid": .int(place.status.uid), "gid": .int(place.status.gid),
      "mode": .text(String(place.status.permissions, radix: 8)),
      "links": .int(place.status.links), "symlink_to": place.linkText.map { .bytes($0) } ?? .null,
    ]
  }

  private func contentMembers(_ content: Content) -> [(String, JSON)] {
    let copy = judge.expectation.copy
    let error: JSON =
      content.complaint.map {
        [
          "message": .text(FileDigest.message($0)), "line": .int($0.position.line),
          "column": .int($0.position.column),
        ]
      } ?? .null
    let dialect = content.complaint == nil ? "strict" : content.read == nil ? nil : "comments"
    var members: [(String, JSON)] = [
      ("bytes_sha256", .text(content.sha256.hexadecimal)),
      ("approved_bytes_sha256", .text(copy.sha256.hexadecimal)),
      ("dialect", .optional(dialect)), ("error", error),
      (
        "canonical_sha256",
        .optional(content.read?.document.root.canonicalSHA256.hexadecimal)
      ),
      ("approved_canonical_sha256", .text(copy.canonicalSHA256.hexadecimal)),
    ]
    members.append(("formatting_tolerated", .bool(content.isFormattingTolerated)))
    members.append(("servers", .array(content.servers.map(Self.json))))
    members.append(
      (
        "missing",
        .array(
          content.missing.map { entry, isTolerated in
            [
              "server": .bytes(ShownValue.name(entry.name)),
              "section": .text(entry.section.rawValue), "tolerated": .bool(isTolerated),
            ]
          })
      ))
    members.append(("document", .array(content.document.map(Self.json))))
    return members
  }

  private static func json(_ server: Server) -> JSON {
    [
      "server": .bytes(ShownValue.name(server.entry.name)),
      "section": .text(server.entry.section.rawValue), "line": .int(server.position.line),
      "column": .int(server.position.column), "decision": .text(word(server.decision)),
      "rule": .text(server.decision.rule), "sha256": .text(server.entry.sha256.hexadecimal),
      "approved_sha256": .optional(server.approved?.sha256.hexadecimal),
      "differences": .array(server.differences.map(json)),
    ]
  }

  private static func json(_ difference: Difference) -> JSON {
    var members = difference.field.json.members ?? []
    members.append(
      JSON.Member(key: "tolerated", value: .bool(difference.isTolerated)))
    return JSON(.object(members))
  }

  private static func word(_ decision: Whitelist.Decision) -> String {
    switch decision {
    case .allowed: "allowed"
    case .prohibited: "prohibited"
    case .revoked: "revoked"
    case .notForUser: "not-for-user"
    case .otherDefinition: "other-definition"
    case .unknown: "denied"
    }
  }
}
