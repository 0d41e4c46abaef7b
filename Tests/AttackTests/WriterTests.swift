import Foundation
import Support
import Testing

extension AttackTests {
  /// A writer keeps hold of the file that a restore takes away.
  @Suite(Needs.root) struct WriterTests {
    static let attacks = [
      "write-open", "write-mapped", "write-leased", "write-locked", "write-growing",
      "write-emptied",
    ]

    @Test(arguments: attacks) func fileIsHeld(_ attack: String) {
      let field = Field()
      let rounds = Scale.rounds(slower: 5)
      let kinds: Set = ["unauthorized-server", "unreadable-config", "permissions-drift"]
      field.survives(attack, rounds: rounds, kinds: kinds) {
        [field.attack(attack, rounds: rounds)]
      }
      #expect(field.daemon.stop() == 0)
    }

    /// Where users may write the file, they may map it: no event comes, and no time changes.
    @Test func mappingOfAWritableFile() {
      let field = Field(access: "user-writable", sweep: 1)
      field.survives("write to a dirty page", rounds: 1, kinds: ["server-drift"]) {
        let attacker = field.attack("write-dirty-page", rounds: 25)
        attacker.finish()
        return [attacker]
      }
    }
  }
}
