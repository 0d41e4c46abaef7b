import Linux
import MCPConfig
import Policy

/// One file the daemon keeps, and everything a check of it needs, unchanging.
final class TargetSpec: Sendable {
  let rule: Policy.TargetRule
  let anchor: Anchor
  /// From the anchor: folder names and, last, the file's name.
  let components: [FilePath]
  let walkRules: WalkRules
  /// Nil while nothing was ever approved.
  let expectation: Expectation?
  let form: StagedForm
  let kind: StagedKind
  let folders: StagedForm.Folder
  let user: UserIdentity?
  /// The home it lies in, or for a host's own target the folder it is reached from.
  let home: FilePath
  /// The host's path of the file, for people.
  let path: String
  /// Whether a check may run on the loop's own thread: nothing on the way can wait for another host
  /// or a user's process.
  let isInline: Bool

  init(
    rule: Policy.TargetRule, anchor: Anchor, components: [FilePath], walkRules: WalkRules,
    expectation: Expectation?, owner: StagedForm.Folder, link: FilePath?, user: UserIdentity?
  ) {
    self.rule = rule
    self.anchor = anchor
    self.components = components
    self.walkRules = walkRules
    self.expectation = expectation
    self.user = user
    folders = owner
    home = user == nil ? anchor.path : anchor.path.appending(components[0])
    path = components.reduce(anchor.path) { $0.appending($1) }.text
    isInline = anchor.isLocal && !walkRules.homeIsMount

    let copy = expectation?.copy
    let uid = expectation?.form.uid ?? 0
    let permissions = expectation?.form.permissions ?? 0o400
    let isWritable = if case .userWritable = expectation?.form { true } else { false }
    form = StagedForm(
      body: link.map { .link(to: $0) } ?? .file(copy?.bytes ?? []), uid: uid,
      gid: isWritable ? owner.gid : uid, permissions: permissions)
    kind = StagedKind(
      sha256: copy?.sha256 ?? SHA256Digest(of: []), isLink: link != nil, permissions: permissions,
      uid: uid, isShared: !isWritable)
  }

  /// The walk that leads to it.
  func walker(_ adder: WatchAdder?) -> PathWalker {
    PathWalker(anchor: anchor, components: components, rules: walkRules, adder: adder)
  }

  /// The folders on the way to the file, from the one `below` levels under the anchor, as far as
  /// they may lead on.
  func eachFolder(
    below level: Int, _ body: (SharedFolder) throws(SystemError) -> Void
  ) throws(SystemError) {
    for level in (level + 1)..<max(components.count, level + 1) {
      let walker = PathWalker(
        anchor: anchor, components: Array(components[...level]), rules: walkRules, adder: nil)
      var refused: SystemError?
      let walk = try walker.walk(known: [], refused: &refused)
      guard walk.stop == nil else { return }
      try body(SharedFolder(walk.folder.reopenedFolder()))
    }
  }

  func placement(from level: Int, body: StagedForm.Body? = nil) -> Placement {
    var form = form
    if let body { form.body = body }
    return Placement(
      names: components[level...], form: form, folders: folders, isApproved: body == nil)
  }
}
