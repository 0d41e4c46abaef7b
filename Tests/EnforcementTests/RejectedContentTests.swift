import Glibc
import Linux
import MCPConfig
import Support
import Testing

@testable import Enforcement

/// What is kept of what a restore took out of a home.
@Suite struct RejectedContentTests {
  private let root = TemporaryRoot()

  private func stage() throws -> SharedFolder {
    root.makeFolder("stage", mode: 0o700)
    return SharedFolder(
      try Descriptor.open(trusted: FilePath(root.at("stage")), O_RDONLY | O_DIRECTORY))
  }

  private func content() throws -> RejectedContent {
    RejectedContent(of: Restorer.Rejected(folder: try stage(), name: "s1"))
  }

  private func text(_ content: RejectedContent) -> String? {
    content.bytes.map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func everyTypeIsKept() throws {
    _ = try stage()
    root.write("stage/s1", "evil")
    #expect(text(try content()) == "evil")
    root.remove("stage/s1")
    root.link("stage/s1", to: "/etc/shadow")
    #expect(text(try content()) == "/etc/shadow")
    root.remove("stage/s1")
    mkfifo(root.at("stage/s1"), 0o600)
    #expect(text(try content()) == "FIFO\n")
    root.remove("stage/s1")
    root.makeFolder("stage/s1")
    #expect(text(try content()) == "empty folder\n")
    #expect(root.names("stage").isEmpty)
    #expect(try content().bytes == nil)
  }

  @Test func aFolderStaysWithItsListing() throws {
    _ = try stage()
    root.makeFolder("stage/s1/settings")
    root.write("stage/s1/work", "precious")
    let kept = try content()
    #expect(text(kept) == "settings\nwork\n")
    let name = try #require(kept.folder)
    #expect(root.read("stage/\(name)/work") == "precious")
  }

  @Test func ofALargeFileTheStartAndTheDigestAreKept() throws {
    _ = try stage()
    let bytes = (0..<(EvidenceStore.fileLimit + 5)).map { UInt8($0 % 251) }
    root.write("stage/s1", String(decoding: bytes.map { $0 & 0x7f }, as: UTF8.self))
    let kept = try content()
    #expect(kept.bytes?.count == EvidenceStore.fileLimit)
    #expect(kept.whole == SHA256Digest(of: bytes.map { $0 & 0x7f }))
  }

  @Test func aSparseGiantIsNotReadWhole() throws {
    _ = try stage()
    root.write("stage/s1", "start")
    truncate(root.at("stage/s1"), 1 << 40)
    let kept = try content()
    #expect(kept.bytes?.count == EvidenceStore.fileLimit)
    #expect(kept.whole == nil)
    #expect(kept.status?.size == 1 << 40)
  }

  @Test func onlyTheNewestFoldersOfAnOwnerStay() {
    let names = (1...6).map { "kept-1001-\($0)" } + ["kept-1002-0"]
    #expect(KeptFolders.surplus(names, uid: 1001) == ["kept-1001-1", "kept-1001-2"])
    #expect(KeptFolders.surplus(names, uid: 1002).isEmpty)
    let many = (0..<300).map { "kept-\($0)-\($0)" }
    #expect(KeptFolders.surplus(many, uid: 0) == (0..<44).map { "kept-\($0)-\($0)" })
  }
}
