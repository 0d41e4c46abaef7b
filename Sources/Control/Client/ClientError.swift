/// Why a call by the client has no answer.
public enum ClientError: Error, Hashable, Sendable {
  /// Nobody listens, the daemon went away, or it didn't answer in time.
  case notReachable(String)
  /// The caller's role doesn't reach for the verb; `needs` says who may.
  case notAllowed(verb: String, needs: String)
  /// The daemon can't use the input.
  case invalid(Complaint)
  case unprovisioned
  case failed(String)

  /// - Parameter verb: what was asked, for errors that don't name it.
  init(_ error: ControlError, verb: Verb) {
    self =
      switch error {
      case .notAllowed(let verb, let needs): .notAllowed(verb: verb, needs: needs)
      case .permissionDenied: .notAllowed(verb: verb.rawValue, needs: Rights.holders(of: verb))
      case .invalid(let complaint): .invalid(complaint)
      case .invalidParameter(let name):
        .invalid(Complaint("\(verb.rawValue) doesn't take this parameter: \(name)"))
      case .unprovisioned: .unprovisioned
      case .failed(let message): .failed(message)
      case .interfaceNotFound, .methodNotFound, .methodNotImplemented:
        .failed("the daemon doesn't know \(verb.rawValue)")
      case .expectedMore, .other: .failed("the daemon answered \(error.name)")
      }
  }
}
