import Glibc
import Linux
import Support
import Testing

@testable import Enforcement

@Suite(.serialized) struct PathWalkTests {
  private let root = TemporaryRoot()

  private func walk(
    owners: FolderOwners = [geteuid()], _ body: (borrowing PathWalk) -> Void
  ) throws {
    let walker = PathWalker(
      anchor: try Anchor(path: FilePath(root.path)),
      components: ["alice", ".kiro", "settings", "mcp.json"],
      rules: WalkRules(owners: owners, mayCrossMounts: false, homeIsMount: false), adder: nil)
    var refused: SystemError?
    let walk = try walker.walk(known: [], refused: &refused)
    body(walk)
  }

  private func expectStop(_ stop: PathWalk.Stop?, level: Int) throws {
    try walk { walk in
      #expect(walk.stop == stop)
      #expect(walk.level == level)
      #expect(walk.folders.count == level)
    }
  }

  @Test func arrives() throws {
    root.makeFolder("alice/.kiro/settings")
    try expectStop(nil, level: 3)
  }

  @Test func stopsAtWhatIsMissing() throws {
    try expectStop(.missing, level: 0)
    root.makeFolder("alice/.kiro")
    try expectStop(.missing, level: 2)
  }

  @Test(arguments: ["elsewhere", "/etc", "/proc/self/root", "."])
  func stopsAtASymlink(_ text: String) throws {
    root.makeFolder("alice/elsewhere/settings")
    root.link("alice/.kiro", to: text)
    try expectStop(.symlink, level: 1)
  }

  @Test func stopsAtAFileAndAFIFO() throws {
    root.makeFolder("alice")
    root.write("alice/.kiro", "")
    try expectStop(.notFolder(type: "regular file"), level: 1)
    root.remove("alice/.kiro")
    mkfifo(root.at("alice/.kiro"), 0o600)
    try expectStop(.notFolder(type: "FIFO"), level: 1)
  }

  @Test func stopsAtAnothersFolder() throws {
    root.makeFolder("alice/.kiro/settings")
    try walk(owners: [12345]) { walk in
      #expect(walk.stop == .foreignOwner(uid: geteuid()))
      #expect(walk.level == 0)
    }
  }

  @Test func stopsAtAMount() throws {
    // /proc is a mount of its own on every Linux host.
    let walker = PathWalker(
      anchor: try Anchor(path: "/"), components: ["proc", "self", "file"],
      rules: WalkRules(owners: [0], mayCrossMounts: false, homeIsMount: false), adder: nil)
    var refused: SystemError?
    let walk = try walker.walk(known: [], refused: &refused)
    #expect(walk.stop == .mount)
  }

  /// Without openat2 the walk must see the same.
  @Test func fallbackSeesTheSame() throws {
    root.makeFolder("folder")
    root.link("link", to: "folder")
    root.write("file", "")
    let folder = try Descriptor.open(trusted: FilePath(root.path), O_RDONLY | O_DIRECTORY)
    let found = try OpenAt2.fallback("folder", in: folder, mayCross: false)
    #expect(try found.status().type == .directory)
    for (name, reason) in [("link", ENOTDIR), ("file", ENOTDIR), ("missing", ENOENT)] {
      #expect(throws: SystemError("open", name, errno: reason)) {
        _ = try OpenAt2.fallback(FilePath(name), in: folder, mayCross: false)
      }
    }
    let top = try Descriptor.open(trusted: "/", O_RDONLY | O_DIRECTORY)
    #expect(throws: SystemError("open", "proc", errno: EXDEV)) {
      _ = try OpenAt2.fallback("proc", in: top, mayCross: false)
    }
    #expect(try OpenAt2.fallback("proc", in: top, mayCross: true).status().type == .directory)
  }
}
