import Glibc
import Linux
import MCPConfig

/// Ready-made approved copies in a root-only folder on the targets' file system.
///
/// With one of these a restore is a single `renameat2(RENAME_EXCHANGE)`: it writes nothing, so it
/// works on a full disk; it puts no temporary file where its user can touch it; and it takes the
/// rejected file out of the user's reach, whatever its type.
final class Stage {
  let folder: SharedFolder
  private var ready: [StagedKind: [FilePath]] = [:]
  /// Copies the housekeeper is making.
  private var coming: [StagedKind: Int] = [:]
  private var counter = 0

  static let folderName: FilePath = ".mcpolicyd"

  init(folder: consuming Descriptor) {
    self.folder = SharedFolder(folder)
  }

  /// Whether the folder was removed.
  var isGone: Bool { (try? folder.descriptor.status())?.links ?? 0 == 0 }

  /// A name that nothing in the stage has.
  func freshName() -> FilePath {
    counter += 1
    return FilePath("s\(counter)")
  }

  func take(_ kind: StagedKind) -> FilePath? {
    ready[kind]?.popLast()
  }

  func add(_ kind: StagedKind, _ name: FilePath) {
    ready[kind, default: []].append(name)
  }

  func readyCount(_ kind: StagedKind) -> Int {
    ready[kind]?.count ?? 0
  }

  func comingCount(_ kind: StagedKind) -> Int {
    coming[kind] ?? 0
  }

  func expect(_ kind: StagedKind) {
    coming[kind, default: 0] += 1
  }

  /// False if the copy isn't wanted any more.
  func arrived(_ kind: StagedKind) -> Bool {
    guard let count = coming[kind] else { return false }
    coming[kind] = count > 1 ? count - 1 : nil
    return true
  }

  /// Everything ready, which is then no longer, nor is what is coming.
  func takeAll() -> [FilePath] {
    let all = ready.values.flatMap { $0 }
    ready = [:]
    coming = [:]
    return all
  }

  /// What an earlier run left behind.
  func leftovers() throws(SystemError) -> [FilePath] {
    let names = try folder.descriptor.names()
    // Fresh names must not meet old ones that are still to be cleared away.
    counter = names.compactMap { Int($0.text.dropFirst()) }.max() ?? 0
    return names
  }
}

/// A folder's descriptor for several threads.
final class SharedFolder: Sendable {
  let descriptor: Descriptor

  init(_ descriptor: consuming Descriptor) {
    self.descriptor = descriptor
  }
}
