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
        approved.isCanonicallyEqual(to: member.value)
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

  /// - Parameter name: the key under which the value stands, which may tell what it is.
  private static func secrets(in value: JSON, path: String, name: ByteString? = nil) -> [Secret] {
    switch value.content {
    case .string(let string):
      if let what = SecretShape.find(in: string.bytes) { return [Secret(path: path, what: what)] }
      let isRandom = name.map { RandomText.isSecret(string.bytes, under: $0) } ?? false
      return isRandom ? [Secret(path: path, what: "a secret, by its name and its look")] : []
    case .array(let elements):
      return elements.enumerated().flatMap { secrets(in: $1, path: "\(path)[\($0)]") }
    case .object(let members):
      return members.flatMap { member in
        let path = "\(path).\(SafeName(member.key).text)"
        let inKey = SecretShape.find(in: member.key.bytes).map { Secret(path: path, what: $0) }
        return (inKey.map { [$0] } ?? []) + secrets(in: member.value, path: path, name: member.key)
      }
    case .null, .bool, .number:
      return []
    }
  }
}
