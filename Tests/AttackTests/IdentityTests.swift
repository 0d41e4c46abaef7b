import Foundation
import MCPConfig
import Support
import Testing

extension AttackTests {
  /// Files and folders of other users, brought to where the daemon handles them with its own rights.
  @Suite(Needs.root) struct IdentityTests {
    static let protection = "/proc/sys/fs/protected_hardlinks"

    /// Someone else's file, by a hard link that only `protected_hardlinks=0` allows.
    @Test(
      Needs.bareDaemon(
        "the kernel's switch for it is the whole machine's, and closed to a container"),
      arguments: ["settings/mcp.json", "passwd", "shadow"])
    func hardLinkToAnothersFile(_ file: String) {
      let old = try? String(contentsOfFile: Self.protection, encoding: .utf8)
      try? "0".write(toFile: Self.protection, atomically: false, encoding: .utf8)
      defer { try? old?.write(toFile: Self.protection, atomically: false, encoding: .utf8) }
      let field = Field()
      let rounds = Scale.rounds
      field.survives("hard link to \(file), allowed", rounds: rounds, kinds: ["path-replaced"]) {
        [field.attack("hard-link", rounds: rounds, ["\(field.victim)/\(file)"])]
      }
      guard file != "passwd" else { return }
      let bytes = FileManager.default.contents(atPath: "\(field.victim)/\(file)") ?? Data()
      let told = whatTheUserIsTold(field)
      #expect(!told.contains(SHA256Digest(of: Array(bytes)).hexadecimal))
      #expect(!told.contains("roots-own"))
      #expect(field.daemon.stop() == 0)
    }

    /// The same where the kernel refuses the link: the attack can't even start.
    @Test func hardLinkIsRefused() {
      let field = Field()
      field.attacker.tamper()
      #expect(eventually { field.isApproved })
      field.survives("hard link, refused", rounds: 1) {
        let attacker = field.attack("hard-link", rounds: 1, ["\(field.victim)/passwd"])
        #expect(attacker.finish() == 1)
        return []
      }
    }

    /// A file of another's that lies in a folder of the attacker's, which may rename it.
    @Test func fileThatAnotherLeft() {
      let field = Field()
      field.other.write("left", #"{"mcpServers":{"bobs-own":{"command":"x"}}}"#)
      rename("\(field.other.path)/left", "\(field.attacker.path)/left")
      field.survives("another's file in place", rounds: 1, kinds: ["path-replaced"]) {
        [field.attack("found", rounds: 1, ["left"])]
      }
      #expect(!whatTheUserIsTold(field).contains("bobs-own"))
    }

    /// A folder in which someone else has work is brought in the way, and then so many others that
    /// it isn't kept any longer.
    @Test func folderWithAnothersWork() {
      let field = Field()
      makeSharedFolder(field)
      let rounds = max(Scale.rounds(slower: 5), 60)
      field.survives("another's work in the way", rounds: rounds, kinds: ["path-replaced"]) {
        field.attack("found", rounds: 1, ["shared"]).finish()
        #expect(eventually { field.isApproved })
        return [field.attack("full-folder", rounds: rounds)]
      }
      #expect(field.daemon.stop() == 0)
      #expect(Field.run(["sh", "-c", "find '\(field.root)/home' -name work | grep -q ."]) == 0)
    }

    /// The same, moved in only while the rejected folder is being cleared away.
    @Test func workMovedInLate() {
      let field = Field()
      makeSharedFolder(field)
      field.survives("another's work moved in late", rounds: 12, kinds: ["path-replaced"]) {
        [field.attack("move-in-late", rounds: 12, ["shared"])]
      }
      #expect(field.daemon.stop() == 0)
      #expect(Field.run(["sh", "-c", "find '\(field.root)/home' -name work | grep -q ."]) == 0)
    }

    /// A folder of the attacker's in which someone else has a folder with work.
    private func makeSharedFolder(_ field: Field) {
      field.attacker.makeFolder("shared", mode: 0o777)
      field.attacker.makeFolder("shared/theirs", owner: field.other.uid)
      field.other.write("work", "precious")
      rename("\(field.other.path)/work", "\(field.attacker.path)/shared/theirs/work")
    }

    private func whatTheUserIsTold(_ field: Field) -> String {
      let call = field.attack(
        "control-call", rounds: 1, [field.socket, #"{"method":"io.mcpolicyd.ListIncidents"}"#])
      #expect(call.finish() == 0)
      return call.text
    }
  }
}
