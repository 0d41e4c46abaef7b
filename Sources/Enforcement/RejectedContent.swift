import Glibc
import Linux
import MCPConfig

/// What can be kept of a rejected entry, whatever its type. Nothing of it is followed or trusted.
enum RejectedContent {
  case bytes([UInt8], FileStatus, whole: SHA256Digest?)
  /// A folder that isn't empty: its names; the folder itself stays in the stage under that name,
  /// since it can hold work that its user misplaced.
  case folder([UInt8], FileStatus, name: String)
  /// A lease hides the content for now.
  case leased(FileStatus)
  /// Nothing to keep, or nothing there.
  case nothing

  init(of rejected: Restorer.Rejected) {
    let (folder, name) = (rejected.folder, rejected.name)
    guard let status = try? folder.descriptor.status(of: name) else {
      self = .nothing
      return
    }
    switch status.type {
    case .regular:
      self = Self.file(name, in: folder.descriptor, status)
    case .symlink:
      let text = try? folder.descriptor.symlinkText(name)
      self = text.map { .bytes($0, status, whole: nil) } ?? .nothing
    case .directory:
      self = Self.folder(rejected, status)
    case .fifo, .socket, .characterDevice, .blockDevice, .unknown:
      self = .bytes(Array("\(status.type.rawValue)\n".utf8), status, whole: nil)
    }
  }

  /// Bytes of a larger file that its digest is made of.
  private static let digestLimit = 64 << 20

  private static func file(
    _ name: FilePath, in folder: borrowing Descriptor, _ status: FileStatus
  ) -> RejectedContent {
    do throws(SystemError) {
      let file = try folder.open(name, O_RDONLY | O_NONBLOCK)
      let start = try file.readStart(limit: EvidenceStore.fileLimit)
      guard status.size > UInt64(EvidenceStore.fileLimit), status.size <= UInt64(digestLimit) else {
        return .bytes(start, status, whole: nil)
      }
      var stream = SHA256Digest.Stream()
      stream.append(start)
      var left = digestLimit - start.count
      while left > 0, let more = try file.readSome(upTo: min(left, 1 << 16)), !more.isEmpty {
        stream.append(more)
        left -= more.count
      }
      return .bytes(start, status, whole: stream.digest)
    } catch {
      return error.errno == EAGAIN ? .leased(status) : .nothing
    }
  }

  /// Names of a folder that are kept.
  private static let nameLimit = 1000

  private static func folder(
    _ rejected: Restorer.Rejected, _ status: FileStatus
  ) -> RejectedContent {
    let stage = rejected.folder
    if (try? stage.descriptor.removeFolder(rejected.name)) != nil {
      return .bytes(Array("empty folder\n".utf8), status, whole: nil)
    }
    let listed = try? OpenAt2.fallback(rejected.name, in: stage.descriptor, mayCross: false)
      .names(limit: nameLimit)
    let names = (listed ?? []).sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    let listing = names.flatMap { Array($0.bytes) + [UInt8(ascii: "\n")] }
    guard let name = KeptFolders.keep(rejected, of: status.uid) else { return .nothing }
    return .folder(listing, status, name: name)
  }
}

extension RejectedContent {
  var bytes: [UInt8]? {
    switch self {
    case .bytes(let bytes, _, _), .folder(let bytes, _, _): bytes
    case .leased, .nothing: nil
    }
  }

  var status: FileStatus? {
    switch self {
    case .bytes(_, let status, _), .folder(_, let status, _), .leased(let status): status
    case .nothing: nil
    }
  }

  var whole: SHA256Digest? { if case .bytes(_, _, let whole) = self { whole } else { nil } }

  var folder: String? { if case .folder(_, _, let name) = self { name } else { nil } }
}
