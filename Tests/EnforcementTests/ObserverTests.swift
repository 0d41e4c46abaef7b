import Glibc
import Linux
import MCPConfig
import Policy
import Support
import Testing

@testable import Enforcement

@Suite(.serialized) struct ObserverTests {
  private let root = TemporaryRoot()

  private func observe(known: FileStamp? = nil) throws -> Observer.Result {
    let folder = try Descriptor.open(trusted: FilePath(root.path), O_RDONLY | O_DIRECTORY)
    return Observer.observe("file", in: folder, known: known)
  }

  /// What an observation is, in words.
  private func described() throws -> String {
    guard let observation = try observation() else { return "unchanged" }
    return switch observation {
    case .regular(let file): "\(file.bytes.count) bytes"
    case .missing: "missing"
    case .symlink(let text): "symlink to \(text.text)"
    case .other(let type): type
    case .tooLarge(let size): "too large: \(size)"
    case .foreign, .obstructed, .unreachable: "\(observation)"
    }
  }

  private func observation() throws -> Observation? {
    if case .observed(let observation, _) = try observe() { observation } else { nil }
  }

  @Test func readsAFileAndWhatItIs() throws {
    root.write("file", "content", mode: 0o640)
    guard case .regular(let file) = try observation() else {
      Issue.record("not a file")
      return
    }
    #expect(file.bytes == Array("content".utf8))
    #expect(file.permissions == 0o640)
    #expect(file.uid == geteuid())
    #expect(file.links == 1)
  }

  @Test func tellsWhatIsntAFile() throws {
    #expect(try described() == "missing")
    root.link("file", to: "/etc/passwd")
    #expect(try described() == "symlink to /etc/passwd")
    root.remove("file")
    root.makeFolder("file")
    #expect(try described() == "directory")
  }

  /// An open of a FIFO without a writer would wait for one for ever.
  @Test func aFIFODoesntHoldIt() throws {
    mkfifo(root.at("file"), 0o600)
    #expect(try described() == "FIFO")
  }

  @Test func aSparseTerabyteIsntRead() throws {
    root.write("file", "")
    truncate(root.at("file"), 1 << 40)
    #expect(try described() == "too large: \(1 << 40)")
  }

  /// The limit holds while reading too, for a file that grows under it.
  @Test func theLimitIsTheLastByteThatIsRead() throws {
    let limit = JSONLimits().size
    root.write("file", String(repeating: "x", count: limit))
    #expect(try described() == "\(limit) bytes")
    let descriptor = try Descriptor.open(trusted: FilePath(root.at("file")))
    #expect(try descriptor.readAll(limit: limit - 1) == nil)
  }

  /// File times tick in milliseconds: a stamp of a file that just changed tells nothing.
  @Test func onlyASettledFileHasAStamp() throws {
    root.write("file", "content")
    let folder = try Descriptor.open(trusted: FilePath(root.path), O_RDONLY | O_DIRECTORY)
    let status = try folder.status(of: "file")
    let changed = WallTime(microseconds: status.changed / 1000)
    #expect(FileStamp(status, now: WallTime(microseconds: changed.microseconds + 1000)) == nil)
    #expect(FileStamp(status, now: WallTime(microseconds: changed.microseconds - 1_000_000)) == nil)
    let stamp = try settled(status, changed)
    #expect(isUnchanged(try observe(known: stamp)))
    chmod(root.at("file"), 0o600)
    #expect(!isUnchanged(try observe(known: stamp)))
  }

  private func settled(_ status: FileStatus, _ changed: WallTime) throws -> FileStamp {
    let stamp = FileStamp(status, now: WallTime(microseconds: changed.microseconds + 60_000))
    return try #require(stamp)
  }

  private func isUnchanged(_ result: Observer.Result) -> Bool {
    if case .unchanged = result { true } else { false }
  }
}
