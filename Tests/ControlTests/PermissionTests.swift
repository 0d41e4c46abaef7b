import MCPConfig
import Testing

@testable import Control

@Suite struct PermissionTests {
  @Test func rolesOfActors() {
    #expect(Roles.sample.role(of: .user) == .own)
    #expect(Roles.sample.role(of: .auditor) == .audit)
    #expect(Roles.sample.role(of: .admin) == .admin)
    #expect(Roles.sample.role(of: .root) == .admin)
    #expect(Roles.sample.role(of: .daemon) == .admin)
  }

  @Test func thePrimaryGroupCounts() {
    let actor = ControlActor(pid: 1, uid: 1000, gid: 72, groups: [])
    #expect(Roles.sample.role(of: actor) == .admin)
  }

  @Test func aMissingGroupGivesNothing() {
    let roles = Roles(daemonUID: 900, auditGID: nil, adminGID: nil)
    #expect(roles.role(of: .admin) == .own)
    #expect(roles.role(of: .auditor) == .own)
    #expect(roles.role(of: .root) == .admin)
  }

  @Test func permissionComesBeforeParameters() throws {
    let call = try VarlinkCall(
      parsing: Array(#"{"method":"io.mcpolicyd.Approve","parameters":{"x":1}}"#.utf8))
    let router = Router(service: VarlinkService(info: .sample))
    #expect(throws: ControlError.self) { try router.route(call, role: .audit) }
    do throws(ControlError) {
      _ = try router.route(call, role: .audit)
    } catch {
      #expect(error.name == "io.mcpolicyd.NotAllowed")
    }
  }

  @Test func whoMayReadWhat() throws {
    let rig = try Rig()
    for (actor, others) in [(ControlActor.user, false), (.auditor, true), (.admin, true)] {
      let peer = try rig.connect(as: actor)
      try peer.call("io.mcpolicyd.ListTargets")
      rig.work()
      let call = try #require(rig.service.calls.last)
      #expect(call.mayRead(uid: actor.uid))
      #expect(call.mayRead(uid: 4711) == others)
    }
  }
}
