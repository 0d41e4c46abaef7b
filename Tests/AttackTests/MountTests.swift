import Foundation
import Support
import Testing

extension AttackTests {
  /// Mounts in the way, and homes that are mounts of their own.
  @Suite(Needs.root) struct MountTests {
    private func makeField() -> (Field, Mounts) {
      let field = Field(under: Mounts.wrapper)
      return (field, Mounts(field: field))
    }

    @Test(arguments: [".kiro", ".kiro/settings", ".kiro/settings/mcp.json"])
    func somethingIsBoundOver(_ place: String) {
      let (field, mounts) = makeField()
      let rounds = Scale.rounds(slower: 50)
      let source = place.hasSuffix("json") ? "\(field.victim)/settings/mcp.json" : field.victim
      let path = "\(field.attacker.path)/\(place)"
      field.survives("bind mount over \(place)", rounds: rounds, kinds: ["path-replaced"]) {
        for _ in 0..<rounds {
          #expect(mounts.bind(source, over: path))
          _ = field.control(["sweep"])
          #expect(mounts.unmount(path))
          field.attacker.tamper()
        }
        return []
      }
      #expect(field.daemon.stop() == 0)
    }

    @Test func userMountsPrivately() {
      let field = Field()
      let rounds = Scale.rounds(slower: 2)
      field.survives("private mounts", rounds: rounds, kinds: ["unauthorized-server"]) {
        [field.attack("mount-privately", rounds: rounds)]
      }
      #expect(field.daemon.stop() == 0)
    }

    /// A home on a disk of its own, where no stage is ready: the way to restore is another one.
    @Test(
      arguments: [
        ("tampered", "unauthorized-server"), ("fifo", "path-replaced"), ("swap", "path-replaced"),
        ("remake-folders", "missing-file"), ("share-folders", "missing-file"),
        ("plant-stage file", "unauthorized-server"), ("plant-stage link", "unauthorized-server"),
        ("plant-stage folder", "unauthorized-server"),
      ])
    func homeOnADiskOfItsOwn(_ line: String, _ kind: String) {
      let words = line.split(separator: " ").map(String.init)
      let attack = words[0]
      let (field, mounts) = makeField()
      #expect(mounts.disk(over: field.attacker.path, owner: field.attacker.uid))
      let home = mounts.seen(field.attacker)
      #expect(
        eventually {
          _ = field.control(["sweep"])
          return home.approvedBytes == field.approved
        })
      let rounds = Scale.rounds(slower: 5)
      let arguments =
        attack == "swap"
        ? ["settings", "absolute", field.victim] : Array(words.dropFirst()) + [field.victim]
      field.survives("own disk: \(line)", rounds: rounds, kinds: [kind]) {
        [field.attack(attack, rounds: rounds, arguments, under: mounts.wrapper)]
      }
      #expect(eventually(seconds: 7) { home.approvedBytes == field.approved })
      #expect(field.daemon.stop() == 0)
    }
  }
}
