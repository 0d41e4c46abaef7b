import Linux

/// Has the disk read what the first look at many homes needs, from several threads: it serves many
/// requests at once, and the loop makes one after the other. What is read here is forgotten; the loop
/// looks for itself, and doesn't wait for this.
enum ReadAhead {
  private static let threads = 16
  /// Fewer homes aren't worth it.
  private static let fewestHomes = 128
  /// After so many homes without a block from the disk, all of it is in memory already.
  private static let homesToProve = 16
  private static let largestFile = 64 << 10

  /// - Parameter files: the files below each home, as names from the home.
  static func begin(_ homes: [FilePath], at anchor: Anchor, files: [[FilePath]]) {
    guard anchor.isLocal, homes.count >= fewestHomes, !files.isEmpty else { return }
    for first in 0..<threads {
      let thread = try? WorkerThread(name: "read-ahead") {
        let start = Process.blocksRead
        for (done, index) in stride(from: first, to: homes.count, by: threads).enumerated() {
          if done == homesToProve, Process.blocksRead == start { return }
          for file in files { read(file, of: homes[index], anchor) }
        }
      }
      thread?.detach()
    }
  }

  private static func read(_ file: [FilePath], of home: FilePath, _ anchor: Anchor) {
    let walker = PathWalker(
      anchor: anchor, components: [home] + file,
      rules: WalkRules(owners: [0], mayCrossMounts: false, homeIsMount: false), adder: nil)
    guard let folder = walker.openFolder() else { return }
    _ = Observer.observe(file.last!, in: folder, known: nil, limit: largestFile)
  }
}
