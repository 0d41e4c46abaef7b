import MCPConfig

/// A server that keeps a configuration from being approved.
public struct ApprovalRefusal: Sendable {
  public var server: ByteString
  public var rule: String
  public var reason: String
  /// Where its entry stands in the configuration.
  public var position: Position

  /// A sentence without the place.
  public var sentence: String { "\(reason) \"\(server.shown)\" (rule: \(rule))" }
}

extension Policy {
  /// Every server that the whitelist doesn't let anyone have. What this host revoked may be approved:
  /// it stays revoked.
  public func refusals(of copy: ApprovedCopy) -> [ApprovalRefusal] {
    copy.document.servers.compactMap { server in
      let decision = whitelist.decide(server, for: nil)
      if decision.isAllowed { return nil }
      let reason =
        switch decision {
        case .otherDefinition: "the whitelist pins another definition of the server"
        case .unknown: "the whitelist doesn't know the server"
        default: "the whitelist doesn't let anyone have the server"
        }
      return ApprovalRefusal(
        server: server.name, rule: decision.rule, reason: reason,
        position: Position(of: server.offset, in: copy.bytes))
    }
  }
}
