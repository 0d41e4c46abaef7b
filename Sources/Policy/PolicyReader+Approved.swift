import MCPConfig
import Signatures

/// The `approved` object of a policy.
struct ApprovedSource {
  var file: String
  var pin: SHA256Digest?
  var trust: Trust?
}

extension PolicyReader {
  func approved(_ node: JSON) throws(PolicyError) -> ApprovedSource {
    let fields = try object(
      node, "approved", keys: ["file", "sha256", "trust", "revoked", "signed_only"])
    let file = path(try absolutePath(try required(fields, "file", of: node), "approved.file"))
    let pin = try fields["sha256"].map { node throws(PolicyError) in
      try digest(node, "approved.sha256")
    }
    return ApprovedSource(file: file, pin: pin, trust: try trust(fields))
  }

  private func trust(_ fields: [String: JSON]) throws(PolicyError) -> Trust? {
    guard let node = fields["trust"] else {
      for key in ["revoked", "signed_only"] {
        if let lonely = fields[key] {
          throw error(
            lonely, "approved.\(key) needs approved.trust, which says whose signatures hold")
        }
      }
      return nil
    }
    var trust = Trust(signers: [], revoked: [], signedOnly: false)
    for element in try array(node, "approved.trust") {
      let signer = try signer(element)
      guard !trust.signers.contains(where: { $0.key == signer.key }) else {
        throw error(element, "the key \(signer.key.fingerprint) stands twice in approved.trust")
      }
      trust.signers.append(signer)
    }
    if let revoked = fields["revoked"] {
      for element in try array(revoked, "approved.revoked") {
        let key = try revokedKey(element)
        guard !trust.revoked.contains(where: { $0.fingerprint == key.fingerprint }) else {
          throw error(element, "the key \(key.fingerprint) stands twice in approved.revoked")
        }
        trust.revoked.append(key)
      }
    }
    if let only = fields["signed_only"] {
      guard let bool = only.bool else {
        throw error(only, "approved.signed_only must be a boolean, not \(only.typeName)")
      }
      trust.signedOnly = bool
    }
    guard !trust.signers.isEmpty else {
      throw error(node, "approved.trust names no key, so nothing could be approved by a signature")
    }
    return trust
  }

  private func signer(_ node: JSON) throws(PolicyError) -> Trust.Signer {
    let fields = try object(
      node, "a trusted key", keys: ["principal", "key", "valid_after", "valid_before"])
    let principal = try text(
      try required(fields, "principal", of: node), "a trusted key's principal")
    let key = try key(try required(fields, "key", of: node))
    let start = try timestamp(fields["valid_after"], "valid_after")
    let end = try timestamp(fields["valid_before"], "valid_before")
    if let start, let end, end <= start, let node = fields["valid_before"] {
      throw error(node, "valid_before must be later than valid_after, or the key is never valid")
    }
    return Trust.Signer(
      principal: principal, key: key, validAfter: start, validBefore: end, place: place(of: node))
  }

  private func key(_ node: JSON) throws(PolicyError) -> SSHPublicKey {
    _ = try text(node, "a key")
    do throws(SSHFormatError) {
      return try SSHPublicKey(line: node.string ?? "")
    } catch {
      throw self.error(node, "a trusted key can't be used: \(error.message)")
    }
  }

  private func revokedKey(_ node: JSON) throws(PolicyError) -> Trust.RevokedKey {
    let name = try text(node, "a revoked key")
    if SSHPublicKey.isFingerprint(ByteString(name)) {
      return Trust.RevokedKey(fingerprint: name, place: place(of: node))
    }
    guard let key = try? SSHPublicKey(line: node.string ?? "") else {
      throw error(
        node,
        "a revoked key must be a key as in a .pub file, or its fingerprint "
          + "(SHA256:…, from ssh-keygen -l)")
    }
    return Trust.RevokedKey(fingerprint: key.fingerprint, place: place(of: node))
  }

  private func timestamp(_ node: JSON?, _ name: String) throws(PolicyError) -> Timestamp? {
    guard let node else { return nil }
    guard let time = node.string.flatMap({ Timestamp($0.text) }) else {
      throw error(
        node,
        "\(name) must be a day such as \"2026-01-31\", or a time such as "
          + "\"2026-01-31T09:30:00Z\"")
    }
    return time
  }

  private func place(of node: JSON) -> String { "\(file):\(position(node).line)" }
}
