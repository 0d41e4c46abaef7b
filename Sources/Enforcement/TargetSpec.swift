import Linux
import MCPConfig
import Policy

/// One file the daemon keeps, and everything a check of it needs, unchanging.
final class TargetSpec: Sendable {
  private let template: TargetTemplate
  let anchor: Anchor
  /// From the anchor: folder names and, last, the file's name.
  let components: [FilePath]
  let walkRules: WalkRules
  let folders: StagedForm.Folder
  let user: UserIdentity?

  init(
    _ template: TargetTemplate, anchor: Anchor, components: [FilePath], walkRules: WalkRules,
    folders: StagedForm.Folder, user: UserIdentity?
  ) {
    self.template = template
    self.anchor = anchor
    self.components = components
    self.walkRules = walkRules
    self.folders = folders
    self.user = user
  }

  var rule: Policy.TargetRule { template.rule }
  var form: StagedForm { template.form }
  var kind: StagedKind { template.kind }

  /// Nil while nothing was ever approved.
  var expectation: Expectation? {
    var expectation = template.expectation
    expectation?.user = user
    return expectation
  }

  var isProvisioned: Bool { template.expectation != nil }

  /// The home it lies in, or for a host's own target the folder it is reached from.
  var home: FilePath { user == nil ? anchor.path : anchor.path.appending(components[0]) }

  /// The host's path of the file, for people. Made anew each time, to spare its memory.
  var path: String { components.reduce(anchor.path) { $0.appending($1) }.text }

  /// Whether a check may run on the loop's own thread: nothing on the way can wait for another host
  /// or a user's process.
  var isInline: Bool { anchor.isLocal && !walkRules.homeIsMount }

  /// Whether it is the same file as the other's.
  func hasPath(of other: TargetSpec) -> Bool {
    components == other.components && (anchor === other.anchor || path == other.path)
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
