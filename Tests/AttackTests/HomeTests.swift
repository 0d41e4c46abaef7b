import Foundation
import Support
import Testing

extension AttackTests {
  /// Homes come, go and change hands while their user keeps attacking.
  @Suite(Needs.root) struct HomeTests {
    private func home(_ field: Field) -> String { field.attacker.path }

    @Test func removedAndRemade() {
      let field = Field()
      let rounds = Scale.rounds(slower: 20)
      field.survives("home removed and remade", rounds: rounds) {
        for _ in 0..<rounds {
          Field.run(["rm", "-rf", home(field)])
          mkdir(home(field), 0o700)
          chown(home(field), field.attacker.uid, field.attacker.uid)
        }
        return []
      }
      field.attacker.tamper()
      #expect(eventually { field.isApproved })
      #expect(field.daemon.stop() == 0)
    }

    @Test func renamedUnderAttack() {
      let field = Field()
      let rounds = Scale.rounds(slower: 5)
      let elsewhere = "\(field.root)/home/.elsewhere"
      field.survives("home renamed under attack", rounds: rounds, kinds: ["unauthorized-server"]) {
        let attacker = field.attack("tampered", rounds: rounds * 20)
        for _ in 0..<rounds {
          rename(home(field), elsewhere)
          rename(elsewhere, home(field))
        }
        return [attacker]
      }
      #expect(field.daemon.stop() == 0)
    }

    /// The folders on the way go with the home; nothing else of either user's may.
    @Test func givenToAnother() {
      let field = Field()
      let rounds = Scale.rounds(slower: 5)
      field.attacker.write("kept", "the first user's own")
      field.survives("home given to another", rounds: rounds) {
        for round in 0..<rounds {
          let uid = round % 2 == 0 ? field.other.uid : field.attacker.uid
          chown(home(field), uid, uid)
        }
        chown(home(field), field.attacker.uid, field.attacker.uid)
        return []
      }
      var status = stat()
      #expect(lstat("\(home(field))/kept", &status) == 0 && status.st_uid == field.attacker.uid)
      field.attacker.tamper()
      #expect(eventually { field.isApproved })
      #expect(field.daemon.stop() == 0)
    }

    /// While a home changes hands, its former user leads the folders on the way elsewhere.
    @Test func givenToAnotherUnderAttack() {
      let field = Field()
      let rounds = Scale.rounds(slower: 2)
      field.survives("home given to another under attack", rounds: rounds) {
        chmod(home(field), 0o777)
        let attacker = field.attack(
          "swap", rounds: rounds * 20, ["kiro", "absolute", field.victim])
        for round in 0..<rounds {
          let uid = round % 2 == 0 ? field.other.uid : field.attacker.uid
          chown(home(field), uid, uid)
        }
        attacker.finish()
        chown(home(field), field.attacker.uid, field.attacker.uid)
        chmod(home(field), 0o700)
        return [attacker]
      }
      #expect(field.daemon.stop() == 0)
    }
  }
}
