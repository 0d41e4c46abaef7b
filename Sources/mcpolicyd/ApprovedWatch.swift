import Glibc
import Linux
import Policy

/// Notices that the approved file or its signature was changed, where the policy trusts signatures.
///
/// Events are hints, as everywhere: where none comes, each sweep looks too.
struct ApprovedWatch: ~Copyable {
  private var bell: FolderBell?
  private var paths: [FilePath] = []
  private var folder: FilePath?
  /// The two files as they were when they were read last.
  private var seen: [FileStatus?]?
  /// When to look.
  private(set) var due: MonotonicTime?

  /// Several files are replaced at a time; one look is enough for them.
  private static let settleSeconds = 0.1

  /// What becomes readable when something changed; nil where the kernel gives no queue, and sweeps are
  /// all there is.
  let readiness: Int32?

  init() {
    do throws(SystemError) {
      let bell = try FolderBell()
      readiness = bell.readiness
      self.bell = consume bell
    } catch {
      readiness = nil
    }
  }

  var isOn: Bool { !paths.isEmpty }

  /// Follows the files of the policy in force.
  mutating func follow(_ policy: Policy, _ host: HostPaths) {
    let file = policy.approvedFile
    let isOn = policy.trust != nil
    paths = isOn ? [file, DeployedApproval.signaturePath(file)].map(host.below) : []
    folder = isOn ? host.below(String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)])) : nil
    seen = nil
    bell?.follow(folder)
    if isOn { due = .now }
  }

  mutating func rang(at now: MonotonicTime) {
    bell?.silence()
    if isOn, due == nil { due = now.advanced(bySeconds: Self.settleSeconds) }
  }

  mutating func sweep(at now: MonotonicTime) {
    if isOn { due = now }
  }

  /// Whether the files aren't those that were read last. The caller reads them next.
  mutating func looks() -> Bool {
    due = nil
    bell?.follow(folder)
    let found = paths.map { FileStatus.ofFollowed($0) }
    defer { seen = found }
    return found != seen
  }

  /// What was read came to nothing: the next sweep reads it again.
  mutating func forget() { seen = nil }
}

extension FileStatus {
  /// Of what the path leads to; nil if there is nothing that can be read.
  fileprivate static func ofFollowed(_ path: FilePath) -> FileStatus? {
    do {
      return try Descriptor.open(trusted: path, O_RDONLY | O_NONBLOCK).status()
    } catch {
      return nil
    }
  }
}
