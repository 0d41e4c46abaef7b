import Linux
import MCPConfig
import Policy

/// What all targets of a rule that get the same copy have in common, made once: on a host with
/// thousands of homes most of a target is this.
final class TargetTemplate: Sendable {
  let rule: Policy.TargetRule
  /// Without the user. Nil while nothing was ever approved.
  let expectation: Expectation?
  let form: StagedForm
  let kind: StagedKind

  /// - Parameter gid: whose group a user's own file gets.
  init(rule: Policy.TargetRule, expectation: Expectation?, gid: UInt32, link: FilePath?) {
    self.rule = rule
    self.expectation = expectation
    let copy = expectation?.copy
    let uid = expectation?.form.uid ?? 0
    let permissions = expectation?.form.permissions ?? 0o400
    let isWritable = if case .userWritable = expectation?.form { true } else { false }
    form = StagedForm(
      body: link.map { .link(to: $0) } ?? .file(copy?.bytes ?? []), uid: uid,
      gid: isWritable ? gid : uid, permissions: permissions)
    kind = StagedKind(
      sha256: copy?.sha256 ?? SHA256Digest(of: []), isLink: link != nil, permissions: permissions,
      uid: uid, isShared: !isWritable)
  }

  /// Which targets share one.
  struct Key: Hashable {
    /// The rule's place in the policy.
    var rule: Int
    var copy: SHA256Digest?
    var isLink: Bool
  }
}
