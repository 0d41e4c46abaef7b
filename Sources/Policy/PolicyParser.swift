import MCPConfig

extension Policy {
  /// Reads `policy.json`, JSON with comments. An unknown key, a wrong type or a name that stands
  /// twice is an error with its place.
  /// - Parameter file: the name that messages and rules give to the text.
  public init(parsing text: [UInt8], file: String) throws(PolicyError) {
    let root: JSON
    do throws(JSONError) {
      root = try JSON(parsing: text, as: .comments)
    } catch {
      throw PolicyError(file: file, position: error.position, message: error.message)
    }
    let reader = PolicyReader(text: text, file: file)
    self = try reader.policy(root)
  }
}

extension PolicyReader {
  func policy(_ root: JSON) throws(PolicyError) -> Policy {
    let fields = try object(
      root, "the policy",
      keys: [
        "$schema", "version", "mode", "approved", "homes", "targets", "access", "tolerate",
        "sweep_seconds", "ledger", "whitelist", "metrics_file",
      ])
    let version = try required(fields, "version", of: root)
    guard version.integer == 1 else { throw error(version, "version must be 1") }
    if let schema = fields["$schema"] { _ = try self.text(schema, "$schema") }
    let mode = try word(fields["mode"], "mode") ?? Policy.Mode.enforce
    let approved = try approved(try required(fields, "approved", of: root))
    let policy = Policy(
      mode: mode,
      approvedFile: approved.file,
      approvedPin: approved.pin,
      trust: approved.trust,
      homes: try homes(fields["homes"]),
      targets: try targets(try required(fields, "targets", of: root), mode: mode),
      access: try word(fields["access"], "access") ?? .readOnly,
      tolerate: try tolerate(fields["tolerate"]),
      sweepSeconds: try sweepSeconds(fields["sweep_seconds"]),
      ledgerRetentionDays: try retentionDays(fields["ledger"]),
      whitelist: Whitelist(rules: try whitelist(try required(fields, "whitelist", of: root))),
      metricsFile: try metricsFile(fields["metrics_file"]))
    if policy.access == .link, policy.central == nil, let access = fields["access"] {
      throw error(access, "access \"link\" needs a target outside of homes to point to")
    }
    return policy
  }

  private func homes(_ node: JSON?) throws(PolicyError) -> [String] {
    guard let node else { return [] }
    var homes: [String] = []
    for element in try array(node, "homes") {
      let components = try absolutePath(element, "a home")
      if components.dropLast().contains(where: hasStar) {
        throw error(element, "\"*\" can stand only in the last part of a homes pattern")
      }
      let home = path(components)
      if homes.contains(home) {
        throw error(element, "the homes pattern \"\(ByteString(home).shown)\" stands twice")
      }
      homes.append(home)
    }
    return homes
  }

  func path(_ components: [String]) -> String {
    components.map { "/" + $0 }.joined()
  }

  private func targets(
    _ node: JSON, mode: Policy.Mode
  ) throws(PolicyError) -> [Policy.TargetRule] {
    var targets: [Policy.TargetRule] = []
    for element in try array(node, "targets") {
      let fields = try object(element, "a target", keys: ["name", "path", "client", "mode"])
      let nameNode = try required(fields, "name", of: element)
      let name = try text(nameNode, "a target's name")
      if targets.contains(where: { $0.name == name }) {
        throw error(nameNode, "the target \"\(ByteString(name).shown)\" stands twice")
      }
      let pathNode = try required(fields, "path", of: element)
      let path = try targetPath(pathNode)
      if targets.contains(where: { $0.path == path }) {
        throw error(
          pathNode, "the path of the target \"\(ByteString(name).shown)\" stands twice")
      }
      if let other = targets.first(where: { $0.path.isNested(with: path) }) {
        throw error(
          pathNode,
          "the target \"\(ByteString(name).shown)\" and \"\(ByteString(other.name).shown)\" lie one inside the other"
        )
      }
      let client: Client? = try word(try required(fields, "client", of: element), "client")
      targets.append(
        Policy.TargetRule(
          name: name, path: path, client: client ?? .kiro,
          mode: try word(fields["mode"], "mode") ?? mode))
    }
    if targets.isEmpty { throw error(node, "no targets: there is nothing to keep") }
    return targets
  }

  private func targetPath(_ node: JSON) throws(PolicyError) -> Policy.TargetPath {
    let path = try text(node, "a target's path")
    let components = components(of: path)
    if hasDots(components) || components.contains(where: hasStar) {
      throw error(node, "a target's path can't hold \".\", \"..\" or \"*\"")
    }
    if path.utf8.starts(with: "~/".utf8), components.count > 1 {
      return .home(Array(components.dropFirst()))
    }
    if path.utf8.first == UInt8(ascii: "/"), components.count > 1 { return .absolute(components) }
    throw error(
      node, "a target's path must start with \"~/\", or with \"/\" and a folder of its own")
  }

  private func tolerate(_ node: JSON?) throws(PolicyError) -> Set<Policy.Tolerance> {
    guard let node else { return [.formatting, .disabled, .narrowerApprovals] }
    var tolerances: Set<Policy.Tolerance> = []
    for element in try array(node, "tolerate") {
      let tolerance: Policy.Tolerance? = try word(element, "tolerate")
      guard let tolerance, tolerances.insert(tolerance).inserted else {
        throw error(element, "this tolerance stands twice")
      }
    }
    return tolerances
  }

  private func metricsFile(_ node: JSON?) throws(PolicyError) -> String? {
    guard let node else { return nil }
    let components = try absolutePath(node, "metrics_file")
    guard components.count > 1, components.last?.utf8.suffix(5).elementsEqual(".prom".utf8) == true
    else {
      throw error(
        node, "metrics_file must lie in a folder and end with \".prom\", or no collector reads it")
    }
    return path(components)
  }

  private func sweepSeconds(_ node: JSON?) throws(PolicyError) -> Int {
    guard let node else { return 300 }
    guard let seconds = node.integer, 1...86_400 ~= seconds else {
      throw error(node, "sweep_seconds must be a whole number from 1 to 86400")
    }
    return seconds
  }

  private func retentionDays(_ node: JSON?) throws(PolicyError) -> Int {
    let standard = 400
    guard let node else { return standard }
    let fields = try object(node, "ledger", keys: ["retention_days"])
    guard let days = fields["retention_days"] else { return standard }
    guard let number = days.integer, 1...3650 ~= number else {
      throw error(days, "ledger.retention_days must be a whole number from 1 to 3650")
    }
    return number
  }
}
