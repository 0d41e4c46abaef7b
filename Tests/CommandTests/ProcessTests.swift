import Glibc
import Linux
import MCPConfig
import Testing

@testable import mcpolicyctl

/// Which processes are a revoked server's. Whoever ends processes by this must not hit another.
@Suite struct ProcessPatternTests {
  private static let npx = ProcessPattern(command: "npx", args: ["-y", "@x/fs@1.0", "/srv"])
  private static let path = ProcessPattern(command: "/opt/files-mcp", args: [])
  private static let variable = ProcessPattern(
    command: "gh-mcp", args: ["--home", "${HOME}/x", "a*b"])

  @Test(arguments: [
    (npx, "npx -y @x/fs@1.0 /srv", true),
    (npx, "/usr/bin/npx -y @x/fs@1.0 /srv", true),
    (npx, "node /usr/bin/npx -y @x/fs@1.0 /srv", true),
    (npx, "/usr/bin/node20 --no-warnings /usr/bin/npx -y @x/fs@1.0 /srv", true),
    // Another program, other arguments, more of them, fewer.
    (npx, "npx -y @x/fs@1.0", false), (npx, "npx -y @x/fs@1.0 /srv /etc", false),
    (npx, "npx -y @x/fs@1.1 /srv", false), (npx, "npx2 -y @x/fs@1.0 /srv", false),
    (npx, "xnpx -y @x/fs@1.0 /srv", false), (npx, "NPX -y @x/fs@1.0 /srv", false),
    // Someone who only speaks of it.
    (npx, "grep npx -y @x/fs@1.0 /srv", false), (npx, "sudo npx -y @x/fs@1.0 /srv", false),
    (npx, "node x.js /usr/bin/npx -y @x/fs@1.0 /srv", false),
    (npx, "-y @x/fs@1.0 /srv", false), (npx, "", false),

    (path, "/opt/files-mcp", true), (path, "/bin/sh /opt/files-mcp", true),
    (path, "python3.12 -u /opt/files-mcp", true),
    (path, "files-mcp", false), (path, "/tmp/opt/files-mcp", false),
    (path, "vim /opt/files-mcp", false), (path, "/opt/files-mcp -x", false),

    (variable, "gh-mcp --home /home/alice/x a*b", true),
    (variable, "gh-mcp --home /x a*b", true),
    (variable, "gh-mcp --home /home/alice/y a*b", false),
    // Only a variable stands for other text.
    (variable, "gh-mcp --home /home/alice/x aXb", false),
  ])
  func matches(_ pattern: ProcessPattern, _ line: String, _ wanted: Bool) {
    let words = line.split(separator: " ").map { ByteString(String($0)) }
    #expect(pattern.matches(words) == wanted)
  }

  @Test func aServerBehindAnAddressRunsNothing() {
    #expect(ProcessPattern(definition: ["command": .null, "args": [], "url": "https://x"]) == nil)
    #expect(ProcessPattern(definition: ["command": "", "args": []]) == nil)
    #expect(
      ProcessPattern(definition: ["command": "a", "args": ["b"]])
        == ProcessPattern(command: "a", args: ["b"]))
  }

  private func process(_ pid: Int32, _ parent: Int32, _ line: String) -> RunningProcess {
    RunningProcess(
      pid: pid, parent: parent, uid: 1000, started: UInt64(pid),
      words: line.split(separator: " ").map { ByteString(String($0)) }, program: nil)
  }

  @Test func whatItStartedIsItsToo() {
    let all = [
      process(1, 0, "init"), process(2, 1, "kiro"), process(3, 2, "npx -y @x/fs@1.0 /srv"),
      process(4, 3, "sh -c fs /srv"), process(5, 4, "node fs.js /srv"),
      process(6, 2, "npx -y other"),
      // A loop that no real table has.
      process(7, 8, "a"), process(8, 7, "b"),
    ]
    let found = ServerProcess.of([Self.npx], among: all)
    #expect(found.map(\.process.pid) == [3, 4, 5])
    #expect(found.map(\.startedBy) == [nil, 3, 4])
    #expect(ServerProcess.of([], among: all).isEmpty)
  }

  @Test func isStillTheSame() {
    let before = process(3, 2, "fs /srv")
    var now = before
    #expect(now.isStill(before))
    now.started = 4
    #expect(!now.isStill(before), "the number of another process")
    now = before
    now.words = ["hidden"]
    #expect(!now.isStill(before))
    // The program behind it tells that it only renamed itself.
    var seen = before
    seen.program = "/usr/bin/node"
    now.program = "/usr/bin/node"
    #expect(now.isStill(seen))
    now.program = "/usr/bin/vim"
    #expect(!now.isStill(seen))
  }

  @Test func thisProcessIsReadFromProc() throws {
    let own = try #require(RunningProcess(pid: getpid()))
    #expect(own.uid == getuid() && own.parent == getppid() && own.started > 0)
    #expect(own.words.first == ByteString(CommandLine.arguments[0]))
    #expect(own.program != nil)
    #expect(own.isStill(own))
    #expect(!RunningProcess.all().contains { $0.pid == getpid() })
    #expect(RunningProcess(pid: Int32.max) == nil)
  }
}

@Suite struct UntilTests {
  private static let now = WallTime(microseconds: 1_769_851_980_000_000)

  @Test(arguments: [
    ("2026-01-31T18:00:00Z", "2026-01-31T18:00:00.000000Z"),
    ("2026-01-31", "2026-01-31T23:59:59.000000Z"), ("30m", "2026-01-31T10:03:00.000000Z"),
    ("8h", "2026-01-31T17:33:00.000000Z"), ("7d", "2026-02-07T09:33:00.000000Z"),
  ])
  func times(_ text: String, _ wanted: String) {
    #expect(Until.time(text, now: Self.now)?.rfc3339 == wanted)
  }

  @Test(arguments: [
    "", "8", "h", "0h", "-8h", "+8h", "8 h", "8s", "1.5h", "99999999999999999999d", "tomorrow",
    "2026-02-30", "2026-1-1", "100001d",
  ])
  func whatIsNoTime(_ text: String) {
    #expect(Until.time(text, now: Self.now) == nil)
  }
}
