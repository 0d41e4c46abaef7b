import Glibc
import Linux
import MCPConfig
import Policy
import Support
import Testing

@testable import Enforcement

@Suite struct EvidenceStoreTests {
  private let root = TemporaryRoot()

  private func store() throws -> EvidenceStore {
    root.makeFolder("evidence", mode: 0o700)
    return EvidenceStore(
      folder: SharedFolder(
        try Descriptor.open(trusted: FilePath(root.at("evidence")), O_RDONLY | O_DIRECTORY)))
  }

  private func sighting(_ incident: String = "1-1") -> Sighting {
    Sighting(
      incident: incident, seen: WallTime(microseconds: 1_767_225_600_000_000),
      path: "/home/alice/\u{1b}.json", user: UserIdentity(uid: 1001, name: "alice", groups: []))
  }

  private let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

  @Test func keepsEachContentOnceAndEverySighting() throws {
    var store = try store()
    let bytes = Array("abc".utf8)
    for number in 1...3 {
      try store.keep(bytes, sha256: SHA256Digest(of: bytes), sighting("1-\(number)"))
    }
    #expect(root.names("evidence").sorted() == [abc, "\(abc).jsonl"])
    #expect(root.read("evidence/\(abc)") == "abc")
    #expect(root.permissions("evidence/\(abc)") == 0o400)
    let lines = root.read("evidence/\(abc).jsonl")!.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[2].contains(#""incident":"1-3""#))
    #expect(lines[2].contains(#""path":"/home/alice/\\u{1b}.json""#))
    #expect(lines[2].contains(#""seen_at":"2026-01-01T00:00:00.000000Z""#))
  }

  @Test func sightingsOfOneContentAreBounded() throws {
    var store = try store()
    for number in 1...2000 {
      try store.keep([1], sha256: SHA256Digest(of: [1]), sighting("1-\(number)"))
    }
    let name = SHA256Digest(of: [1]).hexadecimal
    let size = root.read("evidence/\(name).jsonl")!.utf8.count
    #expect(size < EvidenceStore.sightingsLimit + 1024)
  }

  @Test func theOldestGoWhenThereAreTooMany() throws {
    var store = try store()
    let first = SHA256Digest(of: Array("0".utf8)).hexadecimal
    for number in 0...EvidenceStore.countLimit {
      let bytes = Array("\(number)".utf8)
      try store.keep(bytes, sha256: SHA256Digest(of: bytes), sighting())
    }
    let names = root.names("evidence")
    #expect(names.count == EvidenceStore.countLimit * 2)
    #expect(!names.contains { $0.hasPrefix(first) })
  }

  /// Found as: a user's flood washes away everyone's evidence.
  @Test func aFloodLeavesOthersEvidence() throws {
    var store = try store()
    let bobs = Array("bob's".utf8)
    var bob = sighting()
    bob.user = UserIdentity(uid: 1002, name: "bob", groups: [])
    try store.keep(bobs, sha256: SHA256Digest(of: bobs), bob)
    for number in 0...EvidenceStore.countLimit {
      let bytes = Array("\(number)".utf8)
      try store.keep(bytes, sha256: SHA256Digest(of: bytes), sighting())
    }
    #expect(root.read("evidence/\(SHA256Digest(of: bobs).hexadecimal)") == "bob's")
    // Also by a later run.
    var later = try self.store()
    for number in 10_000...10_100 {
      let bytes = Array("\(number)".utf8)
      try later.keep(bytes, sha256: SHA256Digest(of: bytes), sighting())
    }
    #expect(root.read("evidence/\(SHA256Digest(of: bobs).hexadecimal)") == "bob's")
  }

  @Test func theOldestGoWhenTheyAreTooLarge() throws {
    var store = try store()
    let count = EvidenceStore.byteLimit / EvidenceStore.fileLimit + 3
    for number in 0..<count {
      let bytes = [UInt8](
        repeating: UInt8(number & 255), count: EvidenceStore.fileLimit - number / 256)
      try store.keep(bytes, sha256: SHA256Digest(of: bytes), sighting())
    }
    #expect(root.names("evidence").count { !$0.hasSuffix(".jsonl") } <= 256)
  }

  @Test func whatIsOldOrHalfWrittenGoesAtTheStart() throws {
    var first = try store()
    try first.keep([1], sha256: SHA256Digest(of: [1]), sighting())
    try first.keep([2], sha256: SHA256Digest(of: [2]), sighting())
    root.write("evidence/.\(abc).new", "half")
    let old = SHA256Digest(of: [1]).hexadecimal
    var times = [
      timeval(tv_sec: 1_600_000_000, tv_usec: 0), timeval(tv_sec: 1_600_000_000, tv_usec: 0),
    ]
    utimes(root.at("evidence/\(old)"), &times)
    _ = try store()
    let left = SHA256Digest(of: [2]).hexadecimal
    #expect(root.names("evidence").sorted() == [left, "\(left).jsonl"])
  }
}
