/// Which role may ask for which verb: the whole of it. What doesn't stand here nobody may ask for.
///
/// A verb of `own` answers with what the caller's role may read, and changes at most what is the
/// caller's own.
public enum Rights {
  static let table: [Verb: Role] = [
    .status: .own,
    .rights: .own,
    .listTargets: .own,
    .listIncidents: .own,
    .watchIncidents: .own,
    .getIncident: .own,
    .listGrants: .own,
    .listRequests: .own,
    .requestServer: .own,

    .listBaselines: .audit,
    .showBaseline: .audit,
    .listRevocations: .audit,
    // They count the incidents of all.
    .metrics: .audit,
    .readLedger: .audit,

    .sweep: .admin,
    .reload: .admin,
    .tryReload: .admin,
    .reviewApproval: .admin,
    .approve: .admin,
    .rollback: .admin,
    .revoke: .admin,
    .reinstate: .admin,
    .grant: .admin,
    .endGrant: .admin,
    .rejectRequest: .admin,
    .acknowledge: .admin,
    .resolve: .admin,
  ]

  public static func allows(_ verb: Verb, to role: Role) -> Bool {
    guard let needed = table[verb] else { return false }
    return role >= needed
  }

  /// Who may ask for it, in words for the peer that may not.
  static func holders(of verb: Verb) -> String { table[verb]?.holders ?? "nobody" }

  /// In the order of the interface.
  public static func verbs(of role: Role) -> [Verb] {
    Verb.allCases.filter { allows($0, to: role) }
  }
}
