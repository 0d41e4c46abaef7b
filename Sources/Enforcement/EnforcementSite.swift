import Linux
import MCPConfig
import Policy

/// Where and as whom the daemon enforces.
public struct EnforcementSite: Sendable {
  /// Stands before every path; `/` on a host.
  public var root: FilePath
  /// Whether the root is a folder for a demo, a test or an image build.
  public var isThrowaway: Bool
  /// Who owns read-only copies: root, or the daemon's own user where it can't give files away.
  public var ownerUID: UInt32
  public var daemonUID: UInt32

  public init(root: FilePath, isThrowaway: Bool, ownerUID: UInt32, daemonUID: UInt32) {
    self.root = root
    self.isThrowaway = isThrowaway
    self.ownerUID = ownerUID
    self.daemonUID = daemonUID
  }

  func path(_ absolute: some StringProtocol) -> FilePath {
    let relative = FilePath(String(absolute.drop { $0 == "/" }))
    return relative.bytes.isEmpty ? root : root.appending(relative)
  }
}

/// What to enforce.
public struct EnforcementPlan: Sendable {
  public var policy: Policy
  /// Nil while nothing was ever approved: then nothing is judged and nothing touched.
  public var copy: ApprovedCopy?

  public init(policy: Policy, copy: ApprovedCopy?) {
    self.policy = policy
    self.copy = copy
  }
}

/// The effective copies of a plan, each made once however many users share it.
struct EffectiveCopies {
  let plan: EnforcementPlan
  private let central: ApprovedCopy?
  private var made: [[Bool]: ApprovedCopy] = [:]

  init(plan: EnforcementPlan) {
    self.plan = plan
    central = plan.copy?.unrevoked(under: plan.policy.whitelist)
  }

  /// What is approved for that user; the central target, which is no user's, holds all of it that
  /// isn't revoked.
  mutating func copy(for user: UserIdentity?) -> ApprovedCopy? {
    guard let copy = plan.copy, let user else { return central }
    let whitelist = plan.policy.whitelist
    let key = copy.document.servers.map { whitelist.decide($0, for: user).isAllowed }
    if let known = made[key] { return known }
    let effective = copy.effective(for: user, under: whitelist)
    made[key] = effective
    return effective
  }
}
