import Glibc
import Linux
import Support
import Testing

@testable import Enforcement

@Suite(.serialized) struct RestorerTests {
  private let root = TemporaryRoot()

  init() {
    root.makeFolder("stage", mode: 0o700)
    root.makeFolder("home")
  }

  private var placement: Placement {
    Placement(
      names: ["mcp.json"],
      form: StagedForm(
        body: .file(Array("approved".utf8)), uid: geteuid(), gid: getegid(), permissions: 0o444),
      folders: StagedForm.Folder(uid: geteuid(), gid: getegid(), permissions: 0o700),
      isApproved: true)
  }

  private var nested: Placement {
    var placement = placement
    placement.names = [".kiro", "settings", "mcp.json"]
    return placement
  }

  private func folder(_ name: String) throws -> Descriptor {
    try Descriptor.open(trusted: FilePath(root.at(name)), O_RDONLY | O_DIRECTORY)
  }

  private func restore(_ placement: Placement, occupied: Bool) throws -> Restorer.Rejected? {
    try Restorer.restore(
      placement, at: folder("home"), occupied: occupied, stage: SharedFolder(folder("stage")),
      staged: nil, freshName: "s1")
  }

  enum Obstacle: CaseIterable { case nothing, file, symlink, folder, fullFolder, fifo }

  private func put(_ obstacle: Obstacle, _ name: String) {
    switch obstacle {
    case .nothing: break
    case .file: root.write(name, "tampered")
    case .symlink: root.link(name, to: "/etc/passwd")
    case .folder: root.makeFolder(name)
    case .fullFolder: root.makeFolder("\(name)/a/b")
    case .fifo: mkfifo(root.at(name), 0o600)
    }
  }

  /// - Parameter occupied: what the look before said, which a race may have made wrong.
  @Test(arguments: Obstacle.allCases, [true, false])
  func replacesWhateverIsThere(_ obstacle: Obstacle, occupied: Bool) throws {
    put(obstacle, "home/mcp.json")
    let rejected = try restore(placement, occupied: occupied)
    #expect(root.read("home/mcp.json") == "approved")
    #expect(root.permissions("home/mcp.json") == 0o444)
    #expect(root.names("home") == ["mcp.json"])
    #expect((rejected == nil) == (obstacle == .nothing))
    #expect(root.names("stage") == (obstacle == .nothing ? [] : ["s1"]))
  }

  @Test(arguments: Obstacle.allCases)
  func makesFoldersInOneStep(_ obstacle: Obstacle) throws {
    put(obstacle, "home/.kiro")
    _ = try restore(nested, occupied: obstacle != .nothing)
    #expect(root.read("home/.kiro/settings/mcp.json") == "approved")
    #expect(root.permissions("home/.kiro") == 0o700)
    #expect(root.names("home") == [".kiro"])
  }

  @Test(arguments: Obstacle.allCases)
  func worksWithoutAStage(_ obstacle: Obstacle) throws {
    put(obstacle, "home/.kiro")
    let rejected = try Restorer.restoreInPlace(
      nested, at: folder("home"), occupied: obstacle != .nothing, maker: geteuid())
    #expect(root.read("home/.kiro/settings/mcp.json") == "approved")
    if let rejected, let passing = rejected.passing {
      RejectedEntry.remove(rejected.name, in: rejected.folder.descriptor)
      passing.close()
    }
    #expect(root.names("home") == [".kiro"])
  }

  /// A user's own folder that is moved back between the look and the restore isn't taken away.
  @Test func aFolderThatCameBackIsNotTaken() throws {
    root.makeFolder("home/.kiro")
    root.write("home/.kiro/work", "precious")
    #expect(throws: SystemError("rename", ".kiro", errno: EAGAIN)) {
      _ = try restore(nested, occupied: false)
    }
    #expect(root.read("home/.kiro/work") == "precious")
    #expect(root.names("stage").isEmpty)
  }

  /// A rename into a removed folder fails as one of a missing name does: the stage is fine.
  @Test func aRemovedTargetFolderIsLookedAtAgain() throws {
    let folder = try folder("home")
    root.remove("home")
    #expect(throws: SystemError("rename", "mcp.json", errno: EAGAIN)) {
      _ = try Restorer.restore(
        placement, at: folder, occupied: false, stage: SharedFolder(self.folder("stage")),
        staged: nil, freshName: "s1")
    }
    #expect(root.names("stage").isEmpty)
  }

  @Test func failureLeavesNothing() throws {
    root.remove("home")
    root.write("home", "not a folder")
    let file = try Descriptor.open(trusted: FilePath(root.at("home")))
    #expect(throws: SystemError.self) {
      _ = try Restorer.restore(
        placement, at: file, occupied: false, stage: SharedFolder(folder("stage")), staged: nil,
        freshName: "s1")
    }
    #expect(root.names("stage").isEmpty)
  }

  /// A depth that recursion couldn't take, with names that a shell would stumble over.
  @Test func removesAHostileTree() throws {
    root.makeFolder("stage/tree")
    var folder = try folder("stage/tree")
    for level in 0..<3000 {
      try folder.makeFolder(FilePath("d"), permissions: 0o700)
      if level % 100 == 0 { try folder.makeSymlink(FilePath([0xFF, 0x0A])!, to: "/") }
      folder = try folder.open("d", O_RDONLY | O_DIRECTORY)
    }
    RejectedEntry.remove("tree", in: try self.folder("stage"))
    #expect(root.names("stage").isEmpty)
    #expect(access("/etc/passwd", F_OK) == 0)
  }
}
