import MCPConfig

@testable import Control

extension Verb {
  /// The parameters without which a call of the verb isn't one.
  var needed: [(String, JSON)] {
    switch self {
    case .approve, .reviewApproval: [("content", "{}")]
    case .getIncident: [("id", "1-1")]
    case .acknowledge: [("ids", ["1-1"])]
    case .resolve: [("ids", ["1-1"]), ("note", "n")]
    case .revoke, .reinstate: [("server", "github")]
    case .rollback, .endGrant: [("number", 1)]
    case .rejectRequest: [("number", 1), ("reason", "r")]
    case .requestServer: [("server", "github"), ("reason", "r")]
    case .grant:
      [("request", 1), ("until", "2026-01-31T18:00:00Z"), ("ticket", "T-1"), ("reason", "r")]
    default: []
    }
  }
}
