import Foundation
import Support
import Testing

extension AttackTests {
  /// Rejected content without end: what is kept of it is bounded, and nobody else's is lost.
  @Suite(Needs.root) struct FloodTests {
    /// A folder with very many names, cleared away once enough others were kept.
    @Test func crowdedFolder() {
      let field = Field()
      let names = max(Scale.rounds * 10, 90_000)
      field.survives("folder with many names", rounds: names, kinds: ["path-replaced"]) {
        field.attack("crowd-folder", rounds: names).finish()
        #expect(eventually { field.isApproved })
        return [field.attack("full-folder", rounds: 40)]
      }
      // All is cleared away in time: then the file has one name again.
      _ = eventually(seconds: Double(names) / 5000) {
        var status = stat()
        return lstat("\(field.attacker.path)/crowd-0", &status) == 0 && status.st_nlink == 1
      }
      #expect(field.peakMemory < 36)
      #expect(field.daemon.stop() == 0)
    }

    /// Evidence of someone else's tampering outlives whatever one user leaves.
    @Test(Needs.time) func evidenceOfOthersIsKept() throws {
      let field = Field()
      let bystander = field.bystander
      let content = #"{"mcpServers":{"bystanders":{"command":"x"}}}"#
      bystander.write("evil", content)
      rename("\(bystander.path)/evil", bystander.target)
      #expect(eventually { self.isKept(content, field) })
      let rounds = max(Scale.rounds(slower: 100), 300)
      field.survives("evidence washed away", rounds: rounds, kinds: ["unauthorized-server"]) {
        [field.attack("vary-content", rounds: rounds)]
      }
      #expect(isKept(content, field))
    }

    private func isKept(_ content: String, _ field: Field) -> Bool {
      let folder = "\(field.root)/var/lib/mcpolicyd/evidence"
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      return names.contains {
        FileManager.default.contents(atPath: "\(folder)/\($0)") == Data(content.utf8)
      }
    }
  }
}
