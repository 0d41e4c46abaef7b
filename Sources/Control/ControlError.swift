import MCPConfig

/// Why a call wasn't done, as both ends of the control socket know it.
public enum ControlError: Error, Hashable, Sendable {
  case interfaceNotFound(String)
  case methodNotFound(String)
  case methodNotImplemented(String)
  /// A parameter is missing, unknown or of the wrong type.
  case invalidParameter(String)
  case permissionDenied
  /// The method answers only calls with `more`.
  case expectedMore
  /// The peer's role doesn't reach; `needs` says in words what would.
  case notAllowed(verb: String, needs: String)
  /// The input can't be used: a configuration that isn't JSON, a policy that doesn't hold.
  case invalid(Complaint)
  /// There is no baseline yet, so nothing can be judged.
  case unprovisioned
  case failed(String)
  /// An error this side doesn't know, by its full name.
  case other(String)
}

/// What is wrong with an input, and where.
public struct Complaint: Hashable, Sendable {
  public var message: String
  public var file: String?
  /// Counted from 1, as editors do; columns count code points.
  public var line: Int?
  public var column: Int?

  public init(_ message: String, file: String? = nil, line: Int? = nil, column: Int? = nil) {
    self.message = message
    self.file = file
    self.line = line
    self.column = column
  }
}

extension Complaint: CustomStringConvertible {
  /// `file:line:column: message`, as far as the place is known.
  public var description: String {
    let place = [file, line.map(String.init), column.map(String.init)].compactMap { $0 }
    return (place + [" "]).joined(separator: ":").drop { $0 == " " } + message
  }
}

// MARK: On the wire

extension ControlError {
  /// The Varlink name.
  public var name: String {
    switch self {
    case .interfaceNotFound: "org.varlink.service.InterfaceNotFound"
    case .methodNotFound: "org.varlink.service.MethodNotFound"
    case .methodNotImplemented: "org.varlink.service.MethodNotImplemented"
    case .invalidParameter: "org.varlink.service.InvalidParameter"
    case .permissionDenied: "org.varlink.service.PermissionDenied"
    case .expectedMore: "org.varlink.service.ExpectedMore"
    case .notAllowed: "io.mcpolicyd.NotAllowed"
    case .invalid: "io.mcpolicyd.Invalid"
    case .unprovisioned: "io.mcpolicyd.Unprovisioned"
    case .failed: "io.mcpolicyd.Failed"
    case .other(let name): name
    }
  }

  /// What goes with it; an optional member that has no value is left out.
  public var parameters: JSON {
    switch self {
    case .interfaceNotFound(let interface): return ["interface": .text(interface)]
    case .methodNotFound(let method), .methodNotImplemented(let method):
      return ["method": .text(method)]
    case .invalidParameter(let parameter): return ["parameter": .text(parameter)]
    case .notAllowed(let verb, let needs): return ["verb": .text(verb), "needs": .text(needs)]
    case .invalid(let complaint):
      var members: [(String, JSON)] = [("message", .text(complaint.message))]
      if let file = complaint.file { members.append(("file", .text(file))) }
      if let line = complaint.line { members.append(("line", .int(line))) }
      if let column = complaint.column { members.append(("column", .int(column))) }
      return .object(members)
    case .failed(let message): return ["message": .text(message)]
    case .permissionDenied, .expectedMore, .unprovisioned, .other: return [:]
    }
  }

  init(name: ByteString, parameters: JSON) {
    func text(_ key: ByteString) -> String { parameters[key]?.string?.text ?? "" }
    self =
      switch name {
      case "org.varlink.service.InterfaceNotFound": .interfaceNotFound(text("interface"))
      case "org.varlink.service.MethodNotFound": .methodNotFound(text("method"))
      case "org.varlink.service.MethodNotImplemented": .methodNotImplemented(text("method"))
      case "org.varlink.service.InvalidParameter": .invalidParameter(text("parameter"))
      case "org.varlink.service.PermissionDenied": .permissionDenied
      case "org.varlink.service.ExpectedMore": .expectedMore
      case "io.mcpolicyd.NotAllowed": .notAllowed(verb: text("verb"), needs: text("needs"))
      case "io.mcpolicyd.Invalid":
        .invalid(
          Complaint(
            text("message"), file: parameters["file"]?.string?.text,
            line: parameters["line"]?.integer, column: parameters["column"]?.integer))
      case "io.mcpolicyd.Unprovisioned": .unprovisioned
      case "io.mcpolicyd.Failed": .failed(text("message"))
      default: .other(name.text)
      }
  }
}
