import CBench
import Glibc

/// Tampering by putting something else where the file was, in one system call.
extension Tampering {
  static func putInPlace(_ kind: Kind, _ target: Target, _ root: TestRoot) throws -> Tampering {
    let path = target.path
    let material = root.material()
    let other = root.material()
    switch kind {
    case .symlink:
      // Right bytes, wrong type: only a look at the type can tell.
      try Files.write(other, root.approved, mode: 0o444)
      guard Glibc.symlink(other, material) == 0 else { throw BenchError.system("symlink", other) }
      try Files.give(material, to: target.user)
    case .fifo:
      guard mkfifo(material, 0o644) == 0 else { throw BenchError.system("mkfifo", material) }
      try Files.give(material, to: target.user)
    case .directory:
      try Files.makeFolder(material, owner: target.user)
      try Files.write("\(material)/mcp.json", root.approved, owner: target.user)
    case .hardLink:
      // All is right but a second name that somebody could write through.
      try Files.write(material, root.approved, mode: 0o444)
      guard link(material, other) == 0 else { throw BenchError.system("link", material) }
    default:
      try Files.write(material, changedBytes(root.approved), owner: target.user)
    }

    return Tampering(kind: kind, target: target) {
      try Moment.of("rename", path) {
        // `rename` doesn't put a folder over a file.
        kind == .directory ? bench_exchange(material, path) == 0 : rename(material, path) == 0
      }
    } cleanUp: {
      _ = bench_remove_tree(material)
      Glibc.unlink(other)
    }
  }
}
