import Foundation
import Support
import Testing

extension AttackTests {
  /// Something that no reader should take in stands at the target.
  @Suite(Needs.root) struct PlacementTests {
    struct Case: CustomTestStringConvertible, Sendable {
      var attack: String
      var kind: String
      var slower = 1
      var testDescription: String { attack }
    }

    static let cases = [
      Case(attack: "tampered", kind: "unauthorized-server"),
      Case(attack: "fifo", kind: "path-replaced"),
      Case(attack: "socket", kind: "path-replaced"),
      Case(attack: "sparse", kind: "unreadable-config"),
      Case(attack: "unreadable", kind: "unauthorized-server"),
      Case(attack: "set-id", kind: "unauthorized-server"),
      Case(attack: "deep-json", kind: "unreadable-config", slower: 20),
      Case(attack: "escapes", kind: "unauthorized-server"),
      Case(attack: "full-folder", kind: "path-replaced", slower: 5),
      Case(attack: "deep-folder", kind: "path-replaced", slower: 50),
      Case(attack: "acl", kind: "unauthorized-server"),
    ]

    @Test(arguments: cases) func placed(_ attack: Case) {
      let field = Field()
      let rounds = Scale.rounds(slower: attack.slower)
      field.survives(attack.attack, rounds: rounds, kinds: [attack.kind]) {
        [field.attack(attack.attack, rounds: rounds)]
      }
      #expect(field.daemon.stop() == 0)
    }

    /// Where the file is its user's own, it is restored as that.
    @Test(arguments: ["tampered", "fifo", "hard-link", "set-id", "full-folder"])
    func placedWhereUsersMayWrite(_ attack: String) {
      let field = Field(access: "user-writable")
      field.attacker.write("own", "the attacker's")
      let rounds = Scale.rounds(slower: 5)
      let kinds: Set = ["unauthorized-server", "path-replaced", "unreadable-config"]
      field.survives("user-writable: \(attack)", rounds: rounds, kinds: kinds) {
        [field.attack(attack, rounds: rounds, [field.attacker.path + "/own"])]
      }
      #expect(field.daemon.stop() == 0)
    }

    @Test(arguments: ["/dev/zero", "/dev/tty", "/proc/self/mem", "/"])
    func linkTo(_ place: String) {
      let field = Field()
      let rounds = Scale.rounds
      field.survives("link to \(place)", rounds: rounds, kinds: ["path-replaced"]) {
        [field.attack("symlink", rounds: rounds, [place])]
      }
      #expect(field.daemon.stop() == 0)
    }

    /// Nothing a user's file says may look like a record or a line of the daemon's own.
    @Test(Needs.bareDaemon("an installed unit writes no lines: its records go to the journal"))
    func escapesStayEscaped() {
      let field = Field()
      field.attack("escapes", rounds: 3).finish()
      #expect(eventually { field.kinds["unauthorized-server"] != nil })
      for line in field.daemon.log.split(separator: "\n") {
        #expect(line.hasPrefix("{"), "\(line)")
        #expect(!line.utf8.contains { $0 < 0x20 || $0 == 0x7F })
      }
      #expect(!field.daemon.log.contains("\u{202E}"))
    }
  }
}
