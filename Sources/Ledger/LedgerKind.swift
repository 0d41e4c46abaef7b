/// What a record of the ledger tells of.
public enum LedgerKind: String, CaseIterable, Sendable {
  case incident, change, start, stop, mode, drops
  /// The life of an incident.
  case acknowledged, resolved, overdue
  /// What becomes of the ledger's own files.
  case compressed, removed
  /// Who has which server.
  case inventory
}
