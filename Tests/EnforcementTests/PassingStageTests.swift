import Glibc
import Linux
import Support
import Testing

@testable import Enforcement

/// A stage in a folder that its user can write must not be one that the user chose.
@Suite(.serialized) struct PassingStageTests {
  private let root = TemporaryRoot()

  private func home() throws -> Descriptor {
    root.makeFolder("home")
    return try Descriptor.open(trusted: FilePath(root.at("home")), O_RDONLY | O_DIRECTORY)
  }

  @Test func isMadeForTheMakerAloneAndGoes() throws {
    let home = try home()
    let stage = try PassingStage.open(in: home, maker: geteuid())
    #expect(try stage.status().permissions == 0o700)
    PassingStage.close(in: home)
    #expect(root.names("home").isEmpty)
  }

  /// A folder that others may enter, or a symlink to one, is never built in.
  @Test(arguments: [0o755, 0o770, 0o1700])
  func anOpenFolderIsRefused(_ mode: UInt32) throws {
    let home = try home()
    root.makeFolder("home/.mcpolicyd", mode: mode)
    root.write("home/.mcpolicyd/theirs", "kept")
    #expect(throws: SystemError("stage", ".mcpolicyd", errno: EAGAIN)) {
      _ = try PassingStage.open(in: home, maker: geteuid())
    }
    let aside = try #require(root.names("home").first)
    #expect(root.read("home/\(aside)/theirs") == "kept")
    _ = try PassingStage.open(in: home, maker: geteuid())
  }

  @Test func anothersFolderIsRefused() throws {
    let home = try home()
    root.makeFolder("home/.mcpolicyd", mode: 0o700)
    #expect(throws: SystemError.self) {
      _ = try PassingStage.open(in: home, maker: geteuid() + 1)
    }
  }

  @Test func aSymlinkIsNotFollowed() throws {
    let home = try home()
    root.makeFolder("elsewhere", mode: 0o700)
    root.link("home/.mcpolicyd", to: root.at("elsewhere"))
    #expect(throws: SystemError.self) {
      _ = try PassingStage.open(in: home, maker: geteuid())
    }
    #expect(root.names("elsewhere").isEmpty)
  }
}
