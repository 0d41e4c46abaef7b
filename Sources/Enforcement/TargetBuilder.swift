import Linux
import MCPConfig
import Policy

/// Makes the specs of a plan's targets.
struct TargetBuilder {
  let site: EnforcementSite
  private var copies: EffectiveCopies
  private var plan: EnforcementPlan { copies.plan }

  init(site: EnforcementSite, plan: EnforcementPlan) {
    self.site = site
    copies = EffectiveCopies(plan: plan)
  }

  /// The targets outside of homes, from the root's anchor.
  mutating func hostTargets(anchor: Anchor) -> [TargetSpec] {
    plan.policy.targets.compactMap { rule in
      guard case .absolute(let components) = rule.path else { return nil }
      let expectation = copies.copy(for: nil).map { copy in
        Expectation(
          copy: copy, form: .readOnly(uid: site.ownerUID), user: nil, client: rule.client,
          whitelist: plan.policy.whitelist, tolerate: [])
      }
      return TargetSpec(
        rule: rule, anchor: anchor, components: components.map { FilePath($0) },
        walkRules: WalkRules(
          owners: [0, site.ownerUID, site.daemonUID], mayCrossMounts: true, homeIsMount: false),
        expectation: expectation,
        owner: StagedForm.Folder(uid: site.ownerUID, gid: site.ownerUID, permissions: 0o755),
        link: nil, user: nil)
    }
  }

  /// The targets of one home.
  mutating func targets(
    ofHome name: FilePath, user: UserIdentity, gid: UInt32, isMount: Bool, anchor: Anchor
  ) -> [TargetSpec] {
    var specs: [TargetSpec] = []
    for rule in plan.policy.targets {
      guard case .home(let components) = rule.path else { continue }
      let copy = copies.copy(for: user)
      let link = link(for: copy)
      let expectation = copy.map { copy in
        Expectation(
          copy: copy, form: form(user, link), user: user, client: rule.client,
          whitelist: plan.policy.whitelist, tolerate: plan.policy.tolerate)
      }
      specs.append(
        TargetSpec(
          rule: rule, anchor: anchor, components: [name] + components.map { FilePath($0) },
          walkRules: WalkRules(
            owners: [0, user.uid, site.ownerUID], mayCrossMounts: false, homeIsMount: isMount),
          expectation: expectation,
          owner: StagedForm.Folder(uid: user.uid, gid: gid, permissions: 0o700),
          link: link, user: user))
    }
    return specs
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
