import Foundation
import MCPConfig
import Support

/// What the daemon says of itself, and what the kernel says of it.
extension Field {
  var processID: Int32 { daemon.processID }

  /// Runs `mcpolicyctl` as root.
  func control(_ arguments: [String]) -> JSON? {
    let output = "\(NSTemporaryDirectory())control-\(UInt32.random(in: 0...UInt32.max))"
    defer { unlink(output) }
    let command = [Self.program("mcpolicyctl")] + arguments + ["--json"] + Self.place(root)
    let child = RunningDaemon.spawn(command, stderr: "/dev/null", stdout: output)
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    guard status & 0x7F == 0, status >> 8 < 2 else { return nil }
    var limits = JSONLimits()
    limits.size = 64 << 20
    limits.values = 4 << 20
    let bytes = Array(FileManager.default.contents(atPath: output) ?? Data())
    return try? JSON(parsing: bytes, limits: limits)
  }

  struct Totals {
    var restores = 0
    var incidents = 0
  }

  var totals: Totals {
    guard let status = control(["status"]) else { return Totals() }
    return Totals(
      restores: status["restores"]?["total"]?.integer ?? 0,
      incidents: status["incidents"]?["total"]?.integer ?? 0)
  }

  /// What was told of the attacker's target: each kind with how often.
  var kinds: [String: Int] {
    var kinds: [String: Int] = [:]
    let incidents = control(["incidents", "--limit", "100000"])?["incidents"]?.elements ?? []
    for incident in incidents where incident["path"]?.string?.text.hasSuffix(pathOfTarget) == true {
      for finding in incident["findings"]?.elements ?? [] {
        kinds[finding["kind"]?.string?.text ?? "?", default: 0] += incident["count"]?.integer ?? 1
      }
    }
    return kinds
  }

  private var pathOfTarget: String { "/home/\(attacker.name)/.kiro/settings/mcp.json" }

  /// Whether it still is the process that was attacked, and answers.
  var isAlive: Bool { kill(processID, 0) == 0 && control(["status"]) != nil }

  /// The most memory it ever had, in MiB.
  var peakMemory: Int { line("status", "VmHWM:").map { $0 / 1024 } ?? 0 }

  var descriptorCount: Int {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(processID)/fd")) ?? []).count
  }

  /// The inotify watches that it holds.
  var watchCount: Int {
    let folder = "/proc/\(processID)/fdinfo"
    let numbers = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return numbers.reduce(0) { count, number in
      let text = (try? String(contentsOfFile: "\(folder)/\(number)", encoding: .utf8)) ?? ""
      return count + text.split(separator: "\n").filter { $0.hasPrefix("inotify wd:") }.count
    }
  }

  private func line(_ file: String, _ name: String) -> Int? {
    let text = (try? String(contentsOfFile: "/proc/\(processID)/\(file)", encoding: .utf8)) ?? ""
    let found = text.split(separator: "\n").first { $0.hasPrefix(name) }
    return found?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
  }
}
