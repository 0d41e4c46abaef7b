import Foundation

/// What a process holds.
struct Gauge: CustomStringConvertible {
  /// Anonymous resident memory, in KiB.
  var memory = 0
  var descriptors = 0
  var watches = 0

  init(of process: Int32) {
    let status = Self.lines("/proc/\(process)/status")
    memory = status.first { $0.hasPrefix("RssAnon:") }.flatMap(Self.number) ?? 0
    let folder = "/proc/\(process)/fdinfo"
    let numbers = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    descriptors = numbers.count
    for number in numbers {
      watches += Self.lines("\(folder)/\(number)").count { $0.hasPrefix("inotify ") }
    }
  }

  var description: String { "\(memory / 1024) MiB, \(descriptors) fds, \(watches) watches" }

  private static func lines(_ path: String) -> [Substring] {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n")
  }

  private static func number(_ line: Substring) -> Int? {
    line.split(separator: " ").compactMap { Int($0) }.first
      ?? line.split(separator: "\t").last.flatMap { Int($0.filter(\.isNumber)) }
  }
}
