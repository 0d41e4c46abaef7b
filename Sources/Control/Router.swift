import MCPConfig

/// Decides what becomes of a call: the table of methods and permissions, without I/O.
struct Router {
  let service: VarlinkService

  enum Route {
    /// Answered already.
    case answer(JSON)
    /// For the service.
    case request(Request)
  }

  /// The permission comes before the parameters: who may not call learns nothing of them.
  func route(_ call: VarlinkCall, role: Role) throws(ControlError) -> Route {
    if call.upgrade { throw .invalidParameter("upgrade") }
    guard let (interface, member) = call.parts else { throw .invalidParameter("method") }
    if interface == ByteString(VarlinkService.name) {
      return .answer(try service.answer(member, call.parameters))
    }
    guard interface == ByteString(InterfaceDescription.name) else {
      throw .interfaceNotFound(interface.text)
    }
    guard let verb = Verb(method: member) else { throw .methodNotFound(call.method.text) }
    guard Rights.allows(verb, to: role) else {
      throw .notAllowed(verb: verb.rawValue, needs: Rights.holders(of: verb))
    }
    if verb.streams, !call.more { throw .expectedMore }
    return .request(try Request(verb, call.parameters))
  }
}
