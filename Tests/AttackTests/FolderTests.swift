import Foundation
import Support
import Testing

extension AttackTests {
  /// The folders on the way belong to the attacker.
  @Suite(Needs.root) struct FolderTests {
    struct Case: CustomTestStringConvertible, Sendable {
      var attack: String
      var kinds: Set<String>
      var arguments: [String] = []
      var testDescription: String { attack }
    }

    static let cases = [
      Case(attack: "close-folders", kinds: ["unauthorized-server"]),
      Case(attack: "remake-folders", kinds: ["missing-file", "unauthorized-server"]),
      Case(attack: "move-folders", kinds: ["missing-file", "unauthorized-server"]),
      Case(attack: "odd-names", kinds: ["unauthorized-server"]),
      Case(attack: "share-folders", kinds: ["unauthorized-server", "missing-file"]),
      Case(attack: "plant-stage", kinds: ["unauthorized-server"], arguments: ["link", "/etc"]),
    ]

    @Test(arguments: cases) func way(_ attack: Case) {
      let field = Field()
      let rounds = Scale.rounds(slower: 5)
      field.survives(attack.attack, rounds: rounds, kinds: attack.kinds) {
        [field.attack(attack.attack, rounds: rounds, attack.arguments)]
      }
      #expect(field.daemon.stop() == 0)
    }
  }
}
