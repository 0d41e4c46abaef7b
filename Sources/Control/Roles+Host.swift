import Glibc

extension Roles {
  /// The roles on this host: the groups `mcpolicy-audit` and `mcpolicy-admin`, and the uid of this
  /// process. Looking a group up may block, so this is for the start, before any thread.
  public static func ofThisHost() -> Roles {
    Roles(
      daemonUID: geteuid(), auditGID: groupID(named: "mcpolicy-audit"),
      adminGID: groupID(named: "mcpolicy-admin"))
  }

  private static func groupID(named name: String) -> UInt32? {
    getgrnam(name)?.pointee.gr_gid
  }
}
