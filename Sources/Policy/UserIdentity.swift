/// Who a target belongs to, as far as the whitelist asks.
public struct UserIdentity: Hashable, Sendable {
  public var uid: UInt32
  public var name: String
  /// The user's own group and the supplementary ones, by name.
  public var groups: [String]

  public init(uid: UInt32, name: String, groups: [String]) {
    self.uid = uid
    self.name = name
    self.groups = groups
  }
}
