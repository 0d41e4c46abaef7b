import MCPConfig

/// One reply as a Varlink service sends it.
enum VarlinkReply {
  /// - Parameter continues: whether further replies to the same call follow.
  case parameters(JSON, continues: Bool)
  case failure(ControlError)

  /// The bytes on the wire, with the NUL.
  var message: [UInt8] {
    let reply: JSON =
      switch self {
      case .parameters(let parameters, continues: false): ["parameters": parameters]
      case .parameters(let parameters, continues: true):
        ["parameters": parameters, "continues": true]
      case .failure(let error): ["error": .text(error.name), "parameters": error.parameters]
      }
    return reply.compactForm + [0]
  }

  /// Large enough for every target of a host with thousands of homes.
  static let limits: JSONLimits = {
    var limits = JSONLimits()
    limits.size = 64 << 20
    limits.values = 4 << 20
    return limits
  }()

  /// Nil for bytes that are no reply.
  init?(parsing message: [UInt8]) {
    guard let root = try? JSON(parsing: message, limits: Self.limits), root.members != nil else {
      return nil
    }
    let parameters = root["parameters"] ?? [:]
    if let name = root["error"]?.string {
      self = .failure(ControlError(name: name, parameters: parameters))
    } else {
      self = .parameters(parameters, continues: root["continues"]?.bool ?? false)
    }
  }
}
