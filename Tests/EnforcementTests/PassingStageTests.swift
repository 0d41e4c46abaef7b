import Glibc
import Linux
import Support
import Testing

@testable import Enforcement

/// A stage in a folder that its user can write must not be one that the user chose.
@Suite(.serialized) struct PassingStageTests {
  private let root = TemporaryRoot()

  private func home() throws -> SharedFolder {
    root.makeFolder("home")
    return SharedFolder(
      try Descriptor.open(trusted: FilePath(root.at("home")), O_RDONLY | O_DIRECTORY))
  }

  @Test func isMadeForTheMakerAloneAndGoes() throws {
    let stage = try PassingStage(in: home(), maker: geteuid())
    #expect(try stage.folder.descriptor.status().permissions == 0o700)
    #expect(root.names("home").count == 1)
    stage.close()
    #expect(root.names("home").isEmpty)
  }

  @Test func nothingCanLieInWaitForIt() throws {
    let home = try home()
    root.write("home/.mcpolicyd", "planted")
    let first = try PassingStage(in: home, maker: geteuid())
    let second = try PassingStage(in: home, maker: geteuid())
    #expect(first.name.text != second.name.text)
    #expect(root.read("home/.mcpolicyd") == "planted")
  }

  @Test func anothersFolderIsRefused() throws {
    let home = try home()
    #expect(throws: SystemError.self) {
      _ = try PassingStage(in: home, maker: geteuid() + 1)
    }
  }

  @Test func whatAKilledRunLeftIsFound() throws {
    let home = try home()
    let stage = try PassingStage(in: home, maker: geteuid())
    root.write("home/\(stage.name.text)/s1", "rejected")
    _ = try PassingStage(in: home, maker: geteuid())
    let left = try PassingStage.leftovers(in: home, maker: geteuid())
    #expect(left.map(\.name.text) == ["s1"])
    // The empty one is gone at once.
    #expect(root.names("home") == [stage.name.text])
  }

  /// A folder that others may enter, one of another's, a file, a symlink.
  @Test func whatAUserPlantsIsNoLeftover() throws {
    let home = try home()
    root.makeFolder("home/.mcpolicyd.1", mode: 0o755)
    root.write("home/.mcpolicyd.1/theirs", "kept")
    root.write("home/.mcpolicyd.2", "kept")
    root.makeFolder("elsewhere", mode: 0o700)
    root.write("elsewhere/precious", "kept")
    root.link("home/.mcpolicyd.3", to: root.at("elsewhere"))
    #expect(try PassingStage.leftovers(in: home, maker: geteuid()).isEmpty)
    #expect(try PassingStage.leftovers(in: home, maker: geteuid() + 1).isEmpty)
    #expect(root.read("home/.mcpolicyd.1/theirs") == "kept")
  }
}
