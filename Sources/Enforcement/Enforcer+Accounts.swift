import Linux

/// Keeping out of the way of whoever removes an account with its home.
extension Enforcer {
  /// How long the lock on the accounts may put off that a missing file is put back.
  private static let patience = 10.0
  static let accountsRetry = 0.1

  /// `userdel -r` removes the home first and the account after, under this lock. A file put back in
  /// between would make it fail. What is missing gives no one power, so it can wait a little.
  func awaitsAccounts(_ target: Target) -> Bool {
    guard !site.isThrowaway, target.spec.user != nil, FileStatus.ofTrusted(Self.lock) != nil else {
      target.awaitsSince = nil
      return false
    }
    let now = MonotonicTime.now
    let since = target.awaitsSince ?? now
    target.awaitsSince = since
    return now < since.advanced(bySeconds: Self.patience)
  }

  private static let lock: FilePath = "/etc/passwd.lock"
}
