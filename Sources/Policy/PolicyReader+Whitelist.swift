import MCPConfig

extension PolicyReader {
  func whitelist(_ node: JSON) throws(PolicyError) -> [Whitelist.Rule] {
    var rules: [Whitelist.Rule] = []
    var names: Set<ByteString> = []
    for element in try array(node, "whitelist") {
      let rule = try rule(element)
      guard names.insert(rule.server).inserted else {
        throw error(element, "the server \"\(rule.server.shown)\" stands twice in the whitelist")
      }
      rules.append(rule)
    }
    return rules
  }

  private func rule(_ node: JSON) throws(PolicyError) -> Whitelist.Rule {
    let fields = try object(
      node, "a whitelist entry", keys: ["server", "tier", "users", "groups", "sha256"])
    let serverNode = try required(fields, "server", of: node)
    guard let server = serverNode.string, !server.isEmpty else {
      throw error(serverNode, "a server's name must be a string that isn't empty")
    }
    let tierNode = try required(fields, "tier", of: node)
    guard let tier = tierNode.integer.flatMap(Whitelist.Rule.Tier.init) else {
      throw error(tierNode, "tier must be 1 (everyone), 2 (named users or groups) or 3 (nobody)")
    }
    if tier != .nobody, server.bytes.contains(UInt8(ascii: "*")) {
      throw error(serverNode, "only tier 3 takes patterns with \"*\"")
    }
    let users = try names(fields["users"], "users", tier: tier)
    let groups = try names(fields["groups"], "groups", tier: tier)
    if tier == .named, fields["users"] == nil, fields["groups"] == nil {
      throw error(
        node, "tier 2 is for named users or groups: \"users\" or \"groups\" is missing here")
    }
    let pin = try fields["sha256"].map { node throws(PolicyError) in
      guard tier != .nobody else { throw error(node, "what nobody may have needs no \"sha256\"") }
      return try digest(node, "sha256")
    }
    return Whitelist.Rule(
      server: server, tier: tier, users: users, groups: groups, pin: pin,
      place: "\(file):\(position(node).line)")
  }

  private func names(
    _ node: JSON?, _ key: String, tier: Whitelist.Rule.Tier
  ) throws(PolicyError) -> [String] {
    guard let node else { return [] }
    guard tier == .named else { throw error(node, "\"\(key)\" belongs to tier 2 only") }
    var names: [String] = []
    for element in try array(node, key) {
      let name = try text(element, "a name in \(key)")
      if names.contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
        throw error(element, "\"\(ByteString(name).shown)\" stands twice in \(key)")
      }
      names.append(name)
    }
    return names
  }
}
