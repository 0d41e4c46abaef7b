import Glibc
import Linux
import Support
import Testing

@Suite struct FilePathTests {
  @Test func appendsWithOneSlash() {
    #expect(FilePath("/").appending("etc").text == "/etc")
    #expect(FilePath("/srv").appending("etc").text == "/srv/etc")
    #expect(FilePath("").appending("etc").text == "etc")
  }

  @Test(arguments: [
    ("a", true), ("", false), (".", false), ("..", false), ("a/b", false), ("...", true),
  ])
  func knowsAComponent(_ text: String, _ expected: Bool) {
    #expect(FilePath(text).isComponent == expected)
  }

  @Test func bytesAfterANULAreNoPath() {
    #expect(FilePath([0x61, 0, 0x62]) == nil)
  }
}

@Suite struct WallTimeTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000000Z"),
    (1_767_225_600_000_001, "2026-01-01T00:00:00.000001Z"),
    (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
  ])
  func isRFC3339(_ microseconds: Int64, _ text: String) {
    #expect(WallTime(microseconds: microseconds).rfc3339 == text)
  }
}

@Suite(.serialized) struct BoundedQueueTests {
  @Test func refusesWhatDoesntFit() throws {
    let queue = try BoundedQueue<Int>(capacity: 2, blocking: false)
    #expect(queue.send(1) && queue.send(2) && !queue.send(3))
    #expect(queue.takeAll() == [1, 2])
    #expect(queue.send(4))
    #expect(queue.highWater == 2)
  }

  @Test func everythingSentIsReceivedOnce() throws {
    let jobs = try BoundedQueue<Int>(capacity: 100_000, blocking: true)
    let sums = try BoundedQueue<Int>(capacity: 10, blocking: true)
    let threads = try (1...4).map { number in
      try WorkerThread(name: "test-\(number)") {
        var sum = 0
        while let job = jobs.receive() { sum += job }
        _ = sums.send(sum)
      }
    }
    for number in 1...50_000 { #expect(jobs.send(number)) }
    jobs.close()
    for thread in threads { thread.join() }
    sums.close()
    var total = 0
    while let sum = sums.receive() { total += sum }
    #expect(total == 50_000 * 50_001 / 2)
    #expect(!jobs.send(1))
  }
}

@Suite(.serialized) struct AtomicFileTests {
  private let root = TemporaryRoot()

  @Test func replacesWholeAndLeavesNothingElse() throws {
    let folder = try Descriptor.open(trusted: FilePath(root.path), O_RDONLY | O_DIRECTORY)
    root.write(".file.new", "left by a crash")
    try folder.writeAtomically("file", Array("one".utf8))
    try folder.writeAtomically("file", Array("two".utf8), permissions: 0o400)
    #expect(root.read("file") == "two")
    #expect(root.permissions("file") == 0o400)
    #expect(root.names("") == ["file"])
    #expect(try folder.readFile("file", limit: 10) == Array("two".utf8))
    #expect(try folder.readFile("missing", limit: 10) == nil)
    #expect(throws: SystemError("read", "file", errno: EFBIG)) {
      try folder.readFile("file", limit: 2)
    }
  }

  @Test func makesFoldersOnTheWay() throws {
    let folder = try TrustedFolder.open(creating: FilePath(root.at("a/b/c")), permissions: 0o700)
    #expect(try folder.status().permissions == 0o700)
    #expect(root.status("a/b/c") != nil)
  }
}
