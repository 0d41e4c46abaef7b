/// What was done about drift.
public enum Action: String, Sendable {
  /// The approved copy is back.
  case restored
  /// The target is only observed.
  case reported
  /// It will be looked at again when the target is calm.
  case held
  /// The approved copy could not be put back.
  case failed
}
