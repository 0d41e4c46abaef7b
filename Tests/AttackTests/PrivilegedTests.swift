import Foundation
import Support
import Testing

extension AttackTests {
  /// What only root can arrange, or undo.
  @Suite(Needs.root) struct PrivilegedTests {
    /// A device in the file's place: opening some of them does something, reading some never ends.
    @Test(arguments: [("1", "5"), ("5", "0"), ("10", "130")])
    func device(_ major: String, _ minor: String) {
      let field = Field()
      let rounds = Scale.rounds(slower: 30)
      field.survives("device \(major):\(minor)", rounds: rounds, kinds: ["path-replaced"]) {
        for _ in 0..<rounds {
          let node = "\(field.attacker.path)/node"
          #expect(Field.run(["mknod", "-m", "666", node, "c", major, minor]) == 0)
          rename(node, field.attacker.target)
        }
        return []
      }
      #expect(field.daemon.stop() == 0)
    }

    /// A file or folder that nobody may change is told, and put right once that is over.
    @Test(
      Needs.flags,
      arguments: [
        ("i", ".kiro/settings/mcp.json"), ("i", ".kiro/settings"), ("a", ".kiro/settings"),
      ])
    func flag(_ flag: String, _ place: String) {
      let field = Field()
      let path = "\(field.attacker.path)/\(place)"
      defer { Field.run(["chattr", "-i", "-a", path]) }
      // On a file system without flags there is nothing to attack with.
      guard Field.run(["chattr", "+\(flag)", field.attacker.path]) == 0 else { return }
      Field.run(["chattr", "-\(flag)", field.attacker.path])
      field.survives("flag +\(flag) on \(place)", rounds: 1, kinds: ["restore-failed"]) {
        field.daemon.signal(SIGSTOP)
        field.attacker.tamper()
        Field.run(["chattr", "+\(flag)", path])
        field.daemon.signal(SIGCONT)
        #expect(eventually { field.kinds["restore-failed"] != nil })
        #expect(!field.isApproved)
        // The others go on.
        field.bystander.tamper()
        #expect(eventually { field.bystander.approvedBytes == field.approved })
        Field.run(["chattr", "-i", "-a", path])
        return []
      }
      #expect(field.daemon.stop() == 0)
    }
  }
}
