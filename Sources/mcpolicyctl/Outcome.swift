import Control

/// What a caller's script learns; a fixed contract.
enum Outcome: Int32 {
  case fine = 0
  /// What was looked at isn't what was approved.
  case findings = 1
  case badInput = 2
  case notReachable = 3
  case notAllowed = 4
  case failed = 5
}

/// Why a verb ended, for stderr.
struct Failure: Error, Equatable {
  var status: Outcome
  var message: String

  init(_ status: Outcome, _ message: String) {
    self.status = status
    self.message = message
  }
}

extension Failure {
  init(_ error: ClientError) {
    switch error {
    case .notReachable(let reason):
      self.init(.notReachable, "mcpolicyd is not reachable at \(reason)")
    case .notAllowed(let verb, let needs):
      self.init(.notAllowed, "not allowed: \(verb) is for \(needs)")
    case .invalid(let complaint): self.init(.badInput, complaint.description)
    case .unprovisioned:
      self.init(.failed, "nothing was approved yet: mcpolicyctl approve FILE does that")
    case .failed(let message): self.init(.failed, message)
    }
  }
}
