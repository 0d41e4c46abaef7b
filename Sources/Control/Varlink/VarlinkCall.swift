import MCPConfig

/// One call as a Varlink client sends it.
struct VarlinkCall {
  /// Such as `io.mcpolicyd.Status`.
  var method: ByteString
  /// Always an object.
  var parameters: JSON
  /// The client takes several replies.
  var more: Bool
  /// The client takes no reply at all.
  var oneway: Bool
  /// The client wants another protocol on the same socket from here on.
  var upgrade: Bool

  /// - Throws: `.invalid` for what isn't a call, after which nothing else on the stream is to be
  ///   trusted; `.invalidParameter` for a call with a member of the wrong type.
  init(parsing message: [UInt8]) throws(ControlError) {
    let root: JSON
    do {
      var limits = JSONLimits()
      limits.size = message.count
      root = try JSON(parsing: message, limits: limits)
    } catch {
      throw .invalid(
        Complaint(
          "the call isn't JSON: \(error.message)", line: error.position.line,
          column: error.position.column))
    }
    guard let method = root["method"]?.string else {
      throw .invalid(Complaint("a call is an object with a method"))
    }
    self.method = method
    parameters = try Self.parameters(of: root)
    more = try Self.flag("more", in: root)
    oneway = try Self.flag("oneway", in: root)
    upgrade = try Self.flag("upgrade", in: root)
  }

  /// The method's interface and its name there; nil for a method without an interface.
  var parts: (interface: ByteString, member: ByteString)? {
    guard let dot = method.bytes.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    return (ByteString(method.bytes[..<dot]), ByteString(method.bytes[(dot + 1)...]))
  }

  private static func parameters(of root: JSON) throws(ControlError) -> JSON {
    switch root["parameters"]?.content {
    case nil, .null: return [:]
    case .object(let members): return JSON(.object(members))
    default: throw .invalidParameter("parameters")
    }
  }

  private static func flag(_ name: String, in root: JSON) throws(ControlError) -> Bool {
    switch root[ByteString(name)]?.content {
    case nil, .null: return false
    case .bool(let bool): return bool
    default: throw .invalidParameter(name)
    }
  }
}

extension VarlinkCall {
  /// The bytes a client sends for a call, with the NUL.
  static func message(method: String, parameters: JSON, more: Bool) -> [UInt8] {
    var members: [(String, JSON)] = [("method", .text(method)), ("parameters", parameters)]
    if more { members.append(("more", true)) }
    return JSON.object(members).compactForm + [0]
  }
}
