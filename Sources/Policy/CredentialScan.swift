import MCPConfig

/// Looks for literal secrets where a server's definition can carry one. A `${VAR}` reference is no
/// secret.
enum CredentialScan {
  /// - Parameter approved: what holds the same as here isn't this file's exposure.
  static func findings(on server: ServerEntry, besides approved: ServerEntry?) -> [Finding] {
    let places: [ByteString] = ["args", "env", "headers", "url"]
    let members = (server.definition.members ?? []).filter { places.contains($0.key) }
    return members.flatMap { member -> [Finding] in
      if let approved = approved?.definition[member.key],
        approved.canonicalForm == member.value.canonicalForm
      {
        return []
      }
      return secrets(in: member.value, path: member.key.text).map { finding($0, on: server) }
    }
  }

  private struct Secret {
    var path: String
    var what: String
  }

  private static func finding(_ secret: Secret, on server: ServerEntry) -> Finding {
    let name = SafeName(server.name)
    return Finding(
      .credentialExposure, server: name.bytes, field: secret.path,
      "\"\(secret.path)\" of server \"\(name.text)\" holds what looks like \(secret.what). "
        + "Take it out and change it: it was readable on this host. Use a ${VARIABLE} instead.")
  }

  private static func secrets(in value: JSON, path: String) -> [Secret] {
    switch value.content {
    case .string(let string):
      return SecretShape.find(in: string.bytes).map { [Secret(path: path, what: $0)] } ?? []
    case .array(let elements):
      return elements.enumerated().flatMap { secrets(in: $1, path: "\(path)[\($0)]") }
    case .object(let members):
      return members.flatMap { member in
        let path = "\(path).\(SafeName(member.key).text)"
        let inKey = SecretShape.find(in: member.key.bytes).map { Secret(path: path, what: $0) }
        return (inKey.map { [$0] } ?? []) + secrets(in: member.value, path: path)
      }
    case .null, .bool, .number:
      return []
    }
  }
}
