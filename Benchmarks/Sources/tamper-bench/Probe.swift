import CBench
import Glibc

/// Looks at targets with as few and as cheap system calls as can prove that one is right.
final class Probe {
  private let root: Int32
  private let bytes: UnsafeMutableRawBufferPointer
  private var approved: bench_approved

  init(root: TestRoot) {
    self.root = open(root.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    bytes = .allocate(byteCount: root.approved.count, alignment: 1)
    bytes.copyBytes(from: root.approved)
    approved = bench_approved(
      bytes: bytes.baseAddress, length: bytes.count, owner: geteuid(), mode: 0o444)
  }

  deinit {
    close(root)
    bytes.deallocate()
  }

  func look(_ target: Target) -> bench_finding {
    bench_look(root, target.relativePath, &approved)
  }

  /// Whether the folders on the way are the user's again too.
  func foldersAreRight(_ target: Target) -> Bool {
    guard target.home != nil else { return true }
    return [target.kiro, target.settings].allSatisfy { path in
      guard let status = Files.status(path) else { return false }
      return status.st_mode & S_IFMT == S_IFDIR && status.st_uid == target.user
    }
  }

  /// Nanoseconds of one full look: no figure can be finer.
  func cost(of target: Target) -> UInt64 {
    let looks = 1000
    let start = bench_now()
    for _ in 0..<looks { _ = look(target) }
    return (bench_now() - start) / UInt64(looks)
  }
}

extension bench_finding {
  var name: String {
    switch self {
    case BENCH_APPROVED: "approved"
    case BENCH_MISSING: "missing"
    case BENCH_WRONG_TYPE: "not a regular file, or not readable"
    case BENCH_WRONG_OWNER: "owned by another"
    case BENCH_WRONG_MODE: "of another mode"
    case BENCH_HARD_LINKED: "hard-linked"
    case BENCH_WRONG_BYTES: "of other bytes"
    default: "behind a replaced folder"
    }
  }
}
