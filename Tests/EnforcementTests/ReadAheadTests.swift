import Glibc
import Linux
import Support
import Testing

@testable import Enforcement

@Suite struct ReadAheadTests {
  private static func threads() -> Int {
    let folder = try? Descriptor.open(trusted: "/proc/self/task", O_RDONLY)
    let tasks = (try? folder?.names()) ?? []
    return tasks.count { task in
      let name = try? Descriptor.readAll(
        trusted: FilePath("/proc/self/task/\(task.text)/comm"), limit: 64)
      return name.map { String(decoding: $0, as: UTF8.self) } == "read-ahead\n"
    }
  }

  /// Whatever users put there: no thread may stay with it.
  @Test func endsByItself() throws {
    let root = TemporaryRoot()
    let homes = (0..<300).map { FilePath("u\($0)") }
    for (index, home) in homes.enumerated() {
      let target = "\(home.text)/.kiro/settings/mcp.json"
      root.makeFolder("\(home.text)/.kiro/settings")
      switch index % 4 {
      case 0: root.write(target, "{}")
      case 1: mkfifo(root.at(target), 0o600)
      case 2: root.link(target, to: "/dev/zero")
      default: break
      }
    }
    ReadAhead.begin(
      homes, at: try Anchor(path: FilePath(root.path)), files: [[".kiro", "settings", "mcp.json"]])
    for _ in 0..<1000 where Self.threads() > 0 { usleep(10_000) }
    #expect(Self.threads() == 0)
  }
}
