import Foundation
import Support
import Testing

extension AttackTests {
  /// Events faster than anyone reads them.
  @Suite(Needs.root) struct StormTests {
    static let attacks = [
      "storm-renames", "storm-files", "storm-attributes", "storm-folders", "storm-exchanges",
    ]

    @Test(arguments: attacks) func storm(_ attack: String) {
      let field = Field()
      let rounds = Scale.rounds * 20
      let (descriptors, watches) = (field.descriptorCount, field.watchCount)
      field.survives(
        attack, rounds: rounds, kinds: ["unauthorized-server", "missing-file", "tamper-storm"]
      ) {
        let attacker = field.attack(attack, rounds: rounds)
        // Someone else's target is looked after meanwhile.
        field.bystander.tamper()
        #expect(eventually { field.bystander.approvedBytes == field.approved })
        return [attacker]
      }
      #expect(field.peakMemory < 256)
      #expect(eventually { field.descriptorCount <= descriptors + 8 })
      #expect(eventually { field.watchCount <= watches + 8 })
      #expect(field.daemon.stop() == 0)
    }
  }
}
