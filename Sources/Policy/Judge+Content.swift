import MCPConfig

extension Judge {
  /// Every way in which the bytes take or give more than was approved.
  func contentFindings(_ bytes: [UInt8]) -> [Finding] {
    let copy = expectation.copy
    if bytes == copy.bytes { return [] }
    do throws(JSONError) {
      let root = try JSON(parsing: bytes, as: expectation.client.dialect)
      if root.isCanonicallyEqual(to: copy.document.root) {
        return expectation.tolerate.contains(.formatting) ? [] : [formattingFinding]
      }
      return documentFindings(ConfigDocument(root: root))
    } catch {
      // Some program of the client may read it all the same: what it would start there is no less
      // a finding for one comment in the file.
      let found = try? ConfigDocument(parsing: bytes, as: expectation.client.widestDialect)
      return [unreadableFinding(error)] + (found.map(documentFindings) ?? [])
    }
  }

  private func documentFindings(_ found: ConfigDocument) -> [Finding] {
    misshapen(in: found).map(misshapenFinding)
      + found.servers.flatMap(findings(on:))
      + collisions(in: found)
      + missingServers(in: found)
      + restFindings(found)
  }

  /// What was approved in that shape isn't the user's doing.
  private func misshapen(in found: ConfigDocument) -> [ConfigDocument.Misshapen] {
    let approved = Set(expectation.copy.document.misshapen)
    return found.misshapen.filter { !approved.contains($0) }
  }

  private func unreadableFinding(_ error: JSONError) -> Finding {
    let message =
      if case .duplicateKey(let key) = error.reason {
        "the key \"\(SafeName(key).text)\" stands twice in one object"
      } else {
        error.message
      }
    return Finding(
      .unreadableConfig,
      "The file isn't JSON that every client reads alike: \(error.position): \(message).")
  }

  private var formattingFinding: Finding {
    Finding(
      .serverDrift, field: "formatting",
      "The file says the same in other bytes, which this host's policy doesn't tolerate.")
  }

  private func misshapenFinding(_ misshapen: ConfigDocument.Misshapen) -> Finding {
    Finding(
      .unreadableConfig, server: misshapen.server.map { SafeName($0).bytes },
      field: misshapen.field.isEmpty ? nil : misshapen.field,
      "The file isn't what clients read: \(misshapen.complaint { SafeName($0).text }).")
  }

  private func findings(on server: ServerEntry) -> [Finding] {
    guard let approved = expectation.copy.document.server(server.name, in: server.section) else {
      return [unapproved(server)] + CredentialScan.findings(on: server, besides: nil)
    }
    let differences = DefinitionComparison(
      found: server, approved: approved, tolerate: expectation.tolerate
    ).findings
    return differences.isEmpty
      ? [] : differences + CredentialScan.findings(on: server, besides: approved)
  }

  private func unapproved(_ server: ServerEntry) -> Finding {
    let decision = expectation.whitelist.decide(server, for: expectation.user)
    let name = SafeName(server.name)
    let kind: Finding.Kind
    let reason: String
    switch decision {
    case .prohibited:
      kind = .prohibitedServer
      reason = "is prohibited for everyone. Don't add it again."
    case .revoked:
      kind = .prohibitedServer
      reason =
        "was revoked on this host: nobody may have it now. Don't add it again; ask the security team."
    case .notForUser:
      kind = .unauthorizedServer
      reason =
        "is for named users or groups, and you aren't among them. Ask the security team for it."
    case .otherDefinition:
      kind = .unauthorizedServer
      reason = "has another definition than the one that is approved. Take it out."
    case .unknown:
      kind = .unauthorizedServer
      reason = "isn't on the whitelist. Ask the security team to approve it."
    case .allowed:
      kind = .unauthorizedServer
      reason =
        "is on the whitelist, but the approved configuration doesn't hold it in "
        + "\"\(server.section.rawValue)\". Ask the security team to add it."
    }
    return Finding(
      kind, server: name.bytes, rule: decision.rule, "Server \"\(name.text)\" \(reason)")
  }

  /// Two servers whose tools a client can't tell apart. What was approved so isn't the user's doing.
  private func collisions(in found: ConfigDocument) -> [Finding] {
    let approved = expectation.copy.document
    return ToolID.collisions(in: found)
      .filter { pair in
        [pair.first, pair.second].contains { approved.server($0.name, in: $0.section) == nil }
      }
      .map { pair in
        let (first, second) = (SafeName(pair.first.name), SafeName(pair.second.name))
        return Finding(
          .serverDrift, server: second.bytes, field: "name",
          "The tools of \"\(second.text)\" get the same ids as those of \"\(first.text)\", so one can pass for the other."
        )
      }
  }

  private func missingServers(in found: ConfigDocument) -> [Finding] {
    if expectation.tolerate.contains(.missingServers) { return [] }
    return expectation.copy.document.servers
      .filter { found.server($0.name, in: $0.section) == nil }
      .map {
        Finding(
          .missingServer, server: $0.name,
          "The approved server \"\($0.name.shown)\" is missing. To switch it off, set \"disabled\" to true."
        )
      }
  }

  /// Differences outside of the servers: a client may read other keys of the document too.
  private func restFindings(_ found: ConfigDocument) -> [Finding] {
    let approved = expectation.copy.document
    // What isn't an object has no keys to tell apart.
    guard approved.root.members != nil else {
      return [Finding(.serverDrift, "The document isn't as it was approved.")]
    }
    return differences(found.rest(besides: approved), approved.rest(besides: found)).map {
      let field = SafeName($0.key).text
      return Finding(
        .serverDrift, field: field, "\"\(field)\" of the document isn't as it was approved.")
    }
  }
}
