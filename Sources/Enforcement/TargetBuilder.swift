import Linux
import MCPConfig
import Policy

/// Makes the specs of a plan's targets.
struct TargetBuilder {
  let site: EnforcementSite
  private var copies: EffectiveCopies
  private var plan: EnforcementPlan { copies.plan }
  /// The names below each home by rule, shared by the targets of all homes.
  private let names: [[FilePath]]
  private var templates: [TargetTemplate.Key: TargetTemplate] = [:]

  init(site: EnforcementSite, plan: EnforcementPlan) {
    self.site = site
    copies = EffectiveCopies(plan: plan)
    names = plan.policy.targets.map { rule in
      switch rule.path {
      case .absolute(let components), .home(let components): components.map { FilePath($0) }
      }
    }
  }

  /// The files below each home, as names from the home.
  var filesOfHomes: [[FilePath]] {
    zip(plan.policy.targets, names).compactMap { rule, names in
      if case .home = rule.path { names } else { nil }
    }
  }

  /// The targets outside of homes, from the root's anchor.
  mutating func hostTargets(anchor: Anchor) -> [TargetSpec] {
    var specs: [TargetSpec] = []
    for (index, rule) in plan.policy.targets.enumerated() {
      guard case .absolute = rule.path else { continue }
      let expectation = copies.copy(for: nil).map { copy in
        Expectation(
          copy: copy, form: .readOnly(uid: site.ownerUID), user: nil, client: rule.client,
          whitelist: plan.policy.whitelist, tolerate: [])
      }
      specs.append(
        TargetSpec(
          TargetTemplate(rule: rule, expectation: expectation, gid: site.ownerUID, link: nil),
          anchor: anchor, components: names[index],
          walkRules: WalkRules(
            owners: [0, site.ownerUID, site.daemonUID], mayCrossMounts: true, homeIsMount: false),
          folders: StagedForm.Folder(uid: site.ownerUID, gid: site.ownerUID, permissions: 0o755),
          user: nil))
    }
    return specs
  }

  /// The targets of one home.
  mutating func targets(
    ofHome name: FilePath, user: UserIdentity, gid: UInt32, isMount: Bool, anchor: Anchor
  ) -> [TargetSpec] {
    var specs: [TargetSpec] = []
    for (index, rule) in plan.policy.targets.enumerated() {
      guard case .home = rule.path else { continue }
      specs.append(
        TargetSpec(
          template(index, rule, user, gid), anchor: anchor, components: [name] + names[index],
          walkRules: WalkRules(
            owners: [0, user.uid, site.ownerUID], mayCrossMounts: false, homeIsMount: isMount),
          folders: StagedForm.Folder(uid: user.uid, gid: gid, permissions: 0o700), user: user))
    }
    return specs
  }

  private mutating func template(
    _ index: Int, _ rule: Policy.TargetRule, _ user: UserIdentity, _ gid: UInt32
  ) -> TargetTemplate {
    let copy = copies.copy(for: user)
    let link = link(for: copy)
    let key = TargetTemplate.Key(rule: index, copy: copy?.sha256, isLink: link != nil)
    // What a user may write to is theirs, and so like no other's.
    let isShared = link != nil || plan.policy.access != .userWritable
    if isShared, let known = templates[key] { return known }
    let expectation = copy.map { copy in
      Expectation(
        copy: copy, form: form(user, link), user: nil, client: rule.client,
        whitelist: plan.policy.whitelist, tolerate: plan.policy.tolerate)
    }
    let template = TargetTemplate(rule: rule, expectation: expectation, gid: gid, link: link)
    if isShared { templates[key] = template }
    return template
  }

  /// A symlink gives a user everything that the central target holds, so only who may have all of it
  /// gets one; the others get a file of their own.
  private mutating func link(for copy: ApprovedCopy?) -> FilePath? {
    guard plan.policy.access == .link, copy?.sha256 == copies.copy(for: nil)?.sha256,
      case .absolute(let components)? = plan.policy.central?.path
    else { return nil }
    return site.path(components.joined(separator: "/"))
  }

  private func form(_ user: UserIdentity, _ link: FilePath?) -> Expectation.Form {
    if let link { return .link(to: ByteString(Array(link.bytes))) }
    return plan.policy.access == .userWritable
      ? .userWritable(uid: user.uid) : .readOnly(uid: site.ownerUID)
  }
}
