import Foundation
import Support
import Testing

extension AttackTests {
  /// A component of the path changes between what belongs there and what leads elsewhere.
  @Suite(Needs.root) struct SwapTests {
    static let components = ["file", "settings", "kiro"]
    static let ways = ["relative", "absolute", "root", "magic", "folder"]

    @Test(arguments: components, ways)
    func componentIsSwapped(_ component: String, _ way: String) {
      let field = Field()
      let rounds = Scale.rounds
      let kinds: Set =
        way == "folder" ? ["unauthorized-server", "permissions-drift"] : ["path-replaced"]
      field.survives("swap \(component), \(way)", rounds: rounds, kinds: kinds) {
        [field.attack("swap", rounds: rounds, [component, way, field.victim])]
      }
      #expect(field.daemon.stop() == 0)
    }

    /// The same with another user's home as the victim.
    @Test(arguments: components) func componentLeadsToAnotherHome(_ component: String) {
      let field = Field()
      let rounds = Scale.rounds
      field.survives("swap \(component), another's", rounds: rounds, kinds: ["path-replaced"]) {
        [
          field.attack(
            "swap", rounds: rounds, [component, "absolute", field.other.path + "/.kiro"])
        ]
      }
      #expect(field.daemon.stop() == 0)
    }

    /// Only root can do this to a home; what the daemon makes of it must be safe all the same.
    @Test func homeIsSwapped() {
      let field = Field()
      let rounds = Scale.rounds
      field.survives("swap of the home", rounds: rounds) {
        [
          field.attack(
            "swap-home", rounds: rounds, ["alice", field.other.path], asRoot: true,
            in: "\(field.root)/home")
        ]
      }
      field.attacker.tamper()
      #expect(eventually { field.isApproved })
      #expect(field.daemon.stop() == 0)
    }
  }
}
