import Baseline
import Glibc
import Linux
import MCPConfig
import Support
import Testing

/// What is decided on a host survives, and damage never gives more than was given.
@Suite struct ExceptionStoreTests {
  private let root = TemporaryRoot()
  private let time = WallTime(microseconds: 1_769_851_980_000_001)

  private func store() throws -> ExceptionStore {
    root.makeFolder("state", mode: 0o700)
    return try ExceptionStore(
      folder: try Descriptor.open(trusted: FilePath(root.at("state")), O_RDONLY | O_DIRECTORY))
  }

  private func revoke(_ server: ByteString) throws -> RevocationRecord {
    let record = RevocationRecord(server: server, reason: "CVE", at: time, by: "root (uid 0)")
    try store().write(record)
    return record
  }

  private func grant(_ number: Int, until: Int = 60) -> GrantRecord {
    GrantRecord(
      number: number, server: "github", sha256: SHA256Digest(of: []), user: "alice", uid: 1000,
      until: time.advanced(bySeconds: until), ticket: "SEC-1", reason: "a \"reason\"\n",
      grantedAt: time, grantedBy: "root (uid 0)", request: 4)
  }

  @Test func startsEmpty() throws {
    let found = try store().load()
    #expect(found.revocations.isEmpty && found.damages.isEmpty)
    #expect(found.grants?.records.isEmpty == true && found.requests?.records.isEmpty == true)
    #expect(root.permissions("state/revocations") == 0o700)
  }

  @Test(arguments: ["github", "a/../b", "", String(repeating: "x", count: 5000), "\u{202E}\n"])
  func revocationsComeBack(_ name: String) throws {
    let record = try revoke(ByteString(name))
    #expect(try store().load().revocations == [record])
    #expect(try store().load().revocation(of: ByteString(name)) == record)
    #expect(root.names("state/revocations").count == 1)
    #expect(root.permissions("state/revocations/\(record.nameSHA256).json") == 0o400)
    try store().remove(revocation: record.nameSHA256)
    #expect(try store().load().revocations.isEmpty)
  }

  /// The file's name is enough: what its content became gives no server back.
  @Test(arguments: ["", "{", "{}", #"{"version": 1, "server": "other"}"#, "\u{0}"])
  func aDamagedRevocationHolds(_ content: String) throws {
    let record = try revoke("github")
    root.remove("state/revocations/\(record.nameSHA256).json")
    root.write("state/revocations/\(record.nameSHA256).json", content)
    let found = try store().load()
    #expect(found.revocations.map(\.nameSHA256) == [record.nameSHA256])
    #expect(found.revocations.first?.details == nil)
    #expect(found.damages.map(\.file) == ["revocations/\(record.nameSHA256).json"])
    #expect(found.damages.first?.reason.contains("stays revoked") == true)
  }

  @Test func aRevocationThatIsAFolderHolds() throws {
    let record = try revoke("github")
    root.remove("state/revocations/\(record.nameSHA256).json")
    root.makeFolder("state/revocations/\(record.nameSHA256).json")
    #expect(try store().load().revocation(of: "github") != nil)
  }

  @Test func whatIsNoRevocationIsTold() throws {
    _ = try store()
    root.write("state/revocations/github.json", "{}")
    root.write("state/revocations/.x.json.new", "half")
    let found = try store().load()
    #expect(found.revocations.isEmpty)
    #expect(found.damages.map(\.file) == ["revocations/github.json"])
  }

  @Test func grantsAndRequestsComeBack() throws {
    var grants = RecordList<GrantRecord>()
    grants.add { grant($0) }
    grants.add { grant($0) }
    grants[2]?.end = GrantRecord.End(at: time, by: "expiry", reason: nil)
    var state = HostExceptions()
    let request = try state.request(
      "git\u{202E}hub", user: "al ice", uid: 4_294_967_294, reason: "x\u{1B}", at: time
    ).record
    try store().write(grants)
    try store().write(#require(state.requests))
    let found = try store().load()
    #expect(found.grants?.records == grants.records)
    #expect(found.grants?.next == 3)
    #expect(found.requests?.records == [request])
    #expect(found.damages.isEmpty)
  }

  /// Damage leaves less than before, never more; and it isn't overwritten.
  @Test(arguments: ["grants.json", "requests.json"], ["", "{", "[]", #"{"version":1,"next":9}"#])
  func damagedListsGiveNothing(_ file: String, _ content: String) throws {
    var grants = RecordList<GrantRecord>()
    grants.add { grant($0) }
    try store().write(grants)
    root.remove("state/\(file)")
    root.write("state/\(file)", content)
    var found = try store().load()
    #expect(found.damages.map(\.file) == [file])
    #expect(found.standingGrants.isEmpty == (file == "grants.json"))
    #expect((found.grants == nil) == (file == "grants.json"))
    #expect((found.requests == nil) == (file == "requests.json"))
    if file == "requests.json" {
      #expect(throws: RequestRefusal.damaged) {
        try found.request("git", user: "a", uid: 1, reason: "r", at: time)
      }
    }
  }

  /// One record that can't be read could be one that ended.
  @Test func oneBadRecordIsTheWholeList() throws {
    var grants = RecordList<GrantRecord>()
    grants.add { grant($0) }
    grants.add { grant($0) }
    try store().write(grants)
    let text = try #require(root.read("state/grants.json"))
    root.remove("state/grants.json")
    root.write(
      "state/grants.json", text.replacing("\"uid\": 1000", with: "\"uid\": -1", maxReplacements: 1))
    #expect(try store().load().grants == nil)
  }

  /// A crash leaves a half-written file under another name, which counts for nothing.
  @Test func aHalfWrittenListIsTheOldOne() throws {
    var grants = RecordList<GrantRecord>()
    grants.add { grant($0) }
    try store().write(grants)
    root.write("state/.grants.json.new", "{\"version\": 1, \"next\": 7")
    #expect(try store().load().grants?.records == grants.records)
    grants.add { grant($0) }
    try store().write(grants)
    #expect(try store().load().grants?.records.count == 2)
  }
}
