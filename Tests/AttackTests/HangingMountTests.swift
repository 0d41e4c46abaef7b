import Foundation
import Support
import Testing

extension AttackTests {
  /// File systems that answer late or never: only their own home may wait for them.
  @Suite(Needs.fuse) struct HangingMountTests {
    /// Where it is mounted, below the home.
    @Test(arguments: ["", "/.kiro", "/.kiro/settings", "/.kiro/settings/mcp.json"])
    func neverAnswers(_ place: String) {
      let field = Field(under: Mounts.wrapper)
      let mounts = Mounts(field: field)
      if place.hasSuffix("json") { field.attacker.tamper() }
      field.survives("file system that hangs at home\(place)", rounds: 1) {
        let hanging = mounts.hang(
          over: field.attacker.path + place, owner: field.attacker.uid, tenths: 600)
        #expect(hanging.text.contains("mounted"), "\(hanging.text)")
        // A sweep gives up waiting, and nobody else waits with it.
        for _ in 0..<5 { _ = Field.run(sweepCommand(field)) }
        field.bystander.tamper()
        #expect(eventually { field.bystander.approvedBytes == field.approved })
        #expect(field.isAlive)
        hanging.stop()
        mounts.unmount(field.attacker.path + place)
        return []
      }
      #expect(field.daemon.stop() == 0)
    }

    /// Another home on a disk of its own is looked after while one hangs.
    @Test func homeThatHangsDoesntHoldOthers() {
      let field = Field(under: Mounts.wrapper)
      let mounts = Mounts(field: field)
      let bystander = field.bystander
      #expect(mounts.disk(over: bystander.path, owner: bystander.uid))
      let seen = mounts.seen(bystander)
      #expect(
        eventually {
          _ = field.control(["sweep"])
          return seen.approvedBytes == field.approved
        })
      field.survives("home that hangs, beside a mounted one", rounds: 1) {
        let hanging = mounts.hang(
          over: field.attacker.path, owner: field.attacker.uid, tenths: 600)
        for _ in 0..<5 { _ = Field.run(sweepCommand(field)) }

        seen.tamper()
        #expect(eventually(seconds: 5) { seen.approvedBytes == field.approved })
        hanging.stop()
        mounts.unmount(field.attacker.path)
        return []
      }
      #expect(field.daemon.stop() == 0)
    }

    @Test func answersLate() {
      let field = Field(under: Mounts.wrapper)
      let mounts = Mounts(field: field)
      field.survives("home that answers late", rounds: 1) {
        let hanging = mounts.hang(
          over: field.attacker.path, owner: field.attacker.uid, tenths: 600, delay: 300_000)
        for _ in 0..<3 { _ = Field.run(sweepCommand(field)) }
        field.bystander.tamper()
        #expect(eventually { field.bystander.approvedBytes == field.approved })
        hanging.stop()
        mounts.unmount(field.attacker.path)
        return []
      }
      #expect(field.daemon.stop() == 0)
    }

    /// Asks for a sweep, and doesn't wait for one that hangs.
    private func sweepCommand(_ field: Field) -> [String] {
      ["timeout", "--signal=KILL", "0.3", Field.program("mcpolicyctl"), "sweep"]
        + Field.place(field.root)
    }
  }
}
