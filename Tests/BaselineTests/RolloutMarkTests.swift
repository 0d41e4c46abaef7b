import Baseline
import Glibc
import Linux
import Support
import Testing

@Suite struct RolloutMarkTests {
  private let root = TemporaryRoot()

  private func folder() throws -> Descriptor {
    try Descriptor.open(trusted: FilePath(root.path), O_RDONLY | O_DIRECTORY)
  }

  @Test func tellsTheLastRollout() throws {
    let folder = try folder()
    #expect(RolloutMark.read(in: folder) == nil)
    try RolloutMark.write(1, in: folder)
    try RolloutMark.write(12, in: folder)
    #expect(RolloutMark.read(in: folder) == 12)
    #expect(root.names("") == ["rolled-out"])
  }

  @Test(arguments: ["", "x", "1x\n", "99999999999999999999999\n"])
  func aDamagedMarkIsNone(_ text: String) throws {
    root.write("rolled-out", text)
    #expect(RolloutMark.read(in: try folder()) == nil)
  }
}
