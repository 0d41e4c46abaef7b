import CBench
import Glibc

/// One file the daemon keeps, below the throwaway root.
struct Target: Sendable {
  var root: String
  /// `home/user007`, or nil for the central target.
  var home: String?
  var user: uid_t
  /// Relative to the root, as the probe asks for it.
  var relativePath: String

  var path: String { "\(root)/\(relativePath)" }
  var homePath: String { "\(root)/\(home ?? "")" }
  var kiro: String { "\(homePath)/.kiro" }
  var settings: String { "\(kiro)/settings" }
}

/// A throwaway root with homes, the shipped policy with its pin set, and room for material.
final class TestRoot {
  let path: String
  let approved: [UInt8]
  let central: Target
  private(set) var homes: [Target] = []
  private var materialCount = 0
  private var newHomeCount = 0

  init(_ options: Options) throws {
    var template = Array("\(options.directory)/tamper-bench.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw BenchError.system("mkdtemp", options.directory) }
    // Without symlinks, as the probe refuses them.
    guard let resolved = realpath(template, nil) else {
      throw BenchError.system("realpath", options.directory)
    }
    path = String(cString: resolved)
    free(resolved)
    chmod(path, 0o755)
    central = Target(root: path, home: nil, user: geteuid(), relativePath: "etc/kiro/mcp.json")
    approved = try Files.read("\(options.config)/mcp.json")

    for folder in ["etc", "etc/mcpolicyd", "etc/kiro", "home", "material"] {
      try Files.makeFolder("\(path)/\(folder)")
    }
    try Files.write("\(path)/etc/mcpolicyd/mcp.json", approved)
    let digest = try Digest.canonical(of: "\(path)/etc/mcpolicyd/mcp.json", options)
    let policy = try Digest.pin(digest, in: "\(options.config)/policy.json")
    try Files.write("\(path)/etc/mcpolicyd/policy.json", policy)

    for number in 0..<options.homes {
      let target = home(named: "user\(Table.padded(number, 3))", number: number)
      try Files.makeFolder(target.homePath, owner: target.user)
      try Files.makeFolder(target.kiro, owner: target.user)
      try Files.makeFolder(target.settings, owner: target.user)
      homes.append(target)
    }
    if options.rival != nil { try provision() }
  }

  /// A rival is measured at restoring; the files that it keeps are there.
  private func provision() throws {
    for target in homes + [central] {
      try Files.write(target.path, approved)
      chmod(target.path, 0o444)
    }
  }

  /// A home that doesn't exist yet.
  func newHome() -> Target {
    newHomeCount += 1
    return home(named: "new\(Table.padded(newHomeCount, 4))", number: homes.count + newHomeCount)
  }

  /// A name nobody has used, in a folder that nobody watches.
  func material() -> String {
    materialCount += 1
    return "\(path)/material/\(materialCount)"
  }

  private func home(named name: String, number: Int) -> Target {
    // Users of their own, so that ownership is what it is on a host; their names don't matter.
    let user = geteuid() == 0 ? uid_t(20_000 + number) : geteuid()
    return Target(
      root: path, home: "home/\(name)", user: user,
      relativePath: "home/\(name)/.kiro/settings/mcp.json")
  }

  /// What lies in homes besides the target: temporary files, or folders put aside.
  func leftBehind() -> [String] {
    homes.flatMap { target in
      [("", ".kiro"), ("/.kiro", "settings"), ("/.kiro/settings", "mcp.json")].flatMap {
        folder, expected in
        Files.names(in: target.homePath + folder).filter { $0 != expected }
          .map { "\(target.home ?? "")\(folder)/\($0)" }
      }
    }
  }

  func remove() { _ = bench_remove_tree(path) }
}
