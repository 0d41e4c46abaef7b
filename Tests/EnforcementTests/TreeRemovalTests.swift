import Glibc
import Linux
import Support
import Testing

@testable import Enforcement

/// Removing what a user made, without being turned against another user or out of bounds.
@Suite struct TreeRemovalTests {
  private let root = TemporaryRoot()

  private func stage() throws -> SharedFolder {
    root.makeFolder("stage", mode: 0o700)
    return SharedFolder(
      try Descriptor.open(trusted: FilePath(root.at("stage")), O_RDONLY | O_DIRECTORY))
  }

  private func own(_ path: String, _ uid: UInt32) {
    root.makeFolder(path)
    chown(root.at(path), uid, uid)
  }

  private func run(_ removal: consuming TreeRemoval) -> Int {
    var removal = removal
    var steps = 1
    while removal.step() { steps += 1 }
    return steps
  }

  @Test func removesEverything() throws {
    let stage = try stage()
    root.makeFolder("stage/k/a/b/c")
    root.write("stage/k/a/b/c/file", "")
    root.write("stage/k/a/file", "")
    root.makeFolder("stage/k/empty")
    root.link("stage/k/a/link", to: "/etc")
    mkfifo(root.at("stage/k/fifo"), 0o600)
    _ = run(TreeRemoval("k", in: stage, owner: geteuid()))
    #expect(root.names("stage").isEmpty)
    #expect(root.status("../../etc") != nil)
  }

  @Test func takesManySmallSteps() throws {
    let stage = try stage()
    root.makeFolder("stage/k")
    for number in 0..<3000 { root.write("stage/k/\(number)", "") }
    #expect(run(TreeRemoval("k", in: stage, owner: geteuid())) >= 6)
    #expect(root.names("stage").isEmpty)
  }

  @Test func noDepthIsTooDeep() throws {
    let stage = try stage()
    root.makeFolder("stage/k")
    var folder = open(root.at("stage/k"), O_RDONLY | O_DIRECTORY)
    for _ in 0..<3000 {
      mkdirat(folder, "d", 0o755)
      let child = openat(folder, "d", O_RDONLY | O_DIRECTORY)
      close(folder)
      folder = child
    }
    close(folder)
    _ = run(TreeRemoval("k", in: stage, owner: geteuid()))
    #expect(root.names("stage").isEmpty)
  }

  /// Found as: a user has root remove another user's files, by having the folder with them rejected.
  @Test(.enabled(if: geteuid() == 0)) func anothersFilesStay() throws {
    let stage = try stage()
    own("stage/k", 20001)
    own("stage/k/shared", 20001)
    own("stage/k/shared/bobs", 20002)
    root.write("stage/k/shared/bobs/file", "bob's")
    root.write("stage/k/own", "alice's")
    _ = run(TreeRemoval("k", in: stage, owner: 20001))
    let left = root.names("stage")
    #expect(left.allSatisfy { $0.hasPrefix(TreeRemoval.leftPrefix) }, "\(left)")
    #expect(left.contains { root.read("stage/\($0)/bobs/file") == "bob's" })
    #expect(!left.contains { root.read("stage/\($0)/own") != nil })
  }

  /// What was moved into the tree late isn't emptied either.
  @Test(.enabled(if: geteuid() == 0)) func anothersFolderThatComesLateStays() throws {
    let stage = try stage()
    own("stage/k", 20001)
    own("stage/k/sub", 20001)
    for number in 0..<2000 { root.write("stage/k/\(number)", "") }
    own("shared", 20001)
    own("shared/bobs", 20002)
    root.write("shared/bobs/file", "bob's")
    var removal = TreeRemoval("k", in: stage, owner: 20001)
    _ = removal.step()
    let places = ["stage/k/sub"] + root.names("stage").map { "stage/\($0)" }
    root.move("shared", "\(places.first { root.status($0) != nil }!)/shared")
    while removal.step() {}
    let kept = root.inventory("stage").keys.contains { $0.hasSuffix("bobs/file") }
    #expect(kept, "\(root.inventory("stage").keys)")
  }
}
