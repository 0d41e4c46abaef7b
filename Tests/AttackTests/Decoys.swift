import CAttributes
import Foundation
import MCPConfig

/// Everything that an attack must leave as it was, each entry with all that could be changed of it.
struct Decoys: Equatable {
  private var entries: [String: String] = [:]

  /// - Parameter trees: files and folders, taken with everything below them.
  /// - Parameter lists: folders of which only the names count.
  init(trees: [String], lists: [String]) {
    for tree in trees {
      entries[tree] = Self.description(tree)
      let walk = FileManager.default.enumerator(atPath: tree)
      while let name = walk?.nextObject() as? String {
        // What the daemon makes ready and clears away is its own affair.
        if name.split(separator: "/").contains(".mcpolicyd") { continue }
        entries["\(tree)/\(name)"] = Self.description("\(tree)/\(name)")
      }
    }
    for list in lists {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: list)) ?? []
      entries["\(list)/"] = names.filter { !Self.isOfTheHarness($0) }.sorted().description
    }
  }

  /// The entries that differ, with both descriptions.
  func changes(from earlier: Decoys) -> [String] {
    Set(entries.keys).union(earlier.entries.keys).sorted().compactMap { path in
      let (before, after) = (earlier.entries[path] ?? "nothing", entries[path] ?? "nothing")
      return before == after ? nil : "\(path): \(before) became \(after)"
    }
  }

  private static func isOfTheHarness(_ name: String) -> Bool {
    name == "stderr" || name.hasPrefix("control-") || name.hasPrefix("attacker-")
  }

  private static func description(_ path: String) -> String {
    var status = stat()
    guard lstat(path, &status) == 0 else { return "nothing" }
    var parts = [
      "inode \(status.st_ino)", "mode \(String(status.st_mode, radix: 8))", "uid \(status.st_uid)",
      "gid \(status.st_gid)", "xattrs \(attributes(path))",
    ]
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      let bytes = FileManager.default.contents(atPath: path) ?? Data()
      parts += [
        "links \(status.st_nlink)", "changed \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)",
      ]
      parts.append("bytes \(SHA256Digest(of: Array(bytes)).hexadecimal)")
    case S_IFLNK:
      parts.append(
        "to \((try? FileManager.default.destinationOfSymbolicLink(atPath: path)) ?? "?")")
    default: break
    }
    return parts.joined(separator: ", ")
  }

  private static func attributes(_ path: String) -> [String] {
    var names = [CChar](repeating: 0, count: 4096)
    let length = attribute_names(path, &names, names.count)
    return names.prefix(max(length, 0)).split(separator: 0).map { name in
      var value = [UInt8](repeating: 0, count: 4096)
      let size = attribute_value(path, Array(name) + [0], &value, value.count)
      return
        "\(String(decoding: name.map { UInt8(bitPattern: $0) }, as: UTF8.self))=\(value.prefix(max(size, 0)))"
    }.sorted()
  }
}
