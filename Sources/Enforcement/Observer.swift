import Glibc
import Linux
import MCPConfig
import Policy

/// A file as it was when its content was found compliant: while nothing of this changed, the content
/// can't have.
struct FileStamp: Hashable, Sendable {
  var status: FileStatus

  /// A kernel's clock for file times ticks every few milliseconds, so a change within the same tick
  /// as the last one leaves no trace in them. Only a stamp whose file was left alone for longer
  /// tells anything.
  ///
  /// A file that its user can write has no stamp: a page that they mapped and made dirty before takes
  /// what they write later without a trace.
  init?(_ status: FileStatus, now: WallTime, writer uid: UInt32? = nil) {
    guard status.uid != uid else { return nil }
    let age = now.microseconds - status.changed / 1000
    guard age > 50_000 else { return nil }
    self.status = status
  }
}

/// A safe read of what has the file's name in a folder.
enum Observer {
  enum Result {
    case unchanged
    case observed(Observation, FileStatus?)
    /// A file of more bytes than the caller takes now, but no more than a configuration may have.
    case larger
    case failed(SystemError)
  }

  /// - Parameter limit: how many bytes the caller takes now.
  static func observe(
    _ name: FilePath, in folder: borrowing Descriptor, known: FileStamp?,
    limit: Int = JSONLimits().size
  ) -> Result {
    do throws(SystemError) {
      guard let status = try OpenAt2.status(of: name, in: folder) else {
        return .observed(.missing, nil)
      }
      if let known, known.status == status { return .unchanged }
      switch status.type {
      case .regular: return try read(name, in: folder, status, limit)
      case .symlink:
        return .observed(.symlink(text: ByteString(try folder.symlinkText(name))), status)
      default: return .observed(.other(type: status.type.rawValue), status)
      }
    } catch {
      if error.errno == ENOENT { return .observed(.missing, nil) }
      if error.errno == EXDEV {
        return .observed(.obstructed(Obstacle(folder: name.text, reason: .mount)), nil)
      }
      return .failed(error)
    }
  }

  private static func read(
    _ name: FilePath, in folder: borrowing Descriptor, _ status: FileStatus,
    _ limit: Int
  ) throws(SystemError) -> Result {
    let most = JSONLimits().size
    if status.size > UInt64(most) { return .observed(.tooLarge(size: status.size), status) }
    if status.size > UInt64(limit) { return .larger }
    // Non-blocking: a FIFO put in place in between, or a lease on the file, must not hold us.
    let file = try folder.open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY)
    let opened = try file.status()
    guard opened.type == .regular else {
      return .observed(.other(type: opened.type.rawValue), opened)
    }
    guard let bytes = try file.readAll(limit: limit, sizeHint: Int(opened.size)) else {
      return limit < most ? .larger : .observed(.tooLarge(size: opened.size), opened)
    }
    let observed = ObservedFile(
      bytes: bytes, uid: opened.uid, gid: opened.gid, permissions: opened.permissions,
      links: opened.links)
    return .observed(.regular(observed), opened)
  }
}
