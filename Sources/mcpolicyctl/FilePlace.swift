import Glibc
import Linux
import MCPConfig
import Policy

/// What stands at a path, seen as the daemon sees a target: no symlink is followed, and nothing that
/// could make an open wait is opened.
struct FilePlace {
  var path: String
  var status: FileStatus
  var observation: Observation
  /// A regular file's content.
  var bytes: [UInt8]?
  var linkText: ByteString?

  init(_ path: String) throws(Failure) {
    self.path = path
    guard !path.isEmpty, let status = FileStatus.ofTrusted(FilePath(path)) else {
      throw Failure(
        .badInput,
        "\(ByteString(path).escaped) is no file that can be seen here; explain takes a file, "
          + "or the id of an incident")
    }
    self.status = status
    switch status.type {
    case .regular:
      observation = .missing
      do throws(SystemError) {
        try readRegular()
      } catch {
        throw Failure(.badInput, "\(ByteString(path).escaped): \(error.reason)")
      }
    case .symlink:
      let text = Self.linkText(path)
      linkText = text
      observation = .symlink(text: text)
    case .directory, .fifo, .socket, .characterDevice, .blockDevice, .unknown:
      observation = .other(type: status.type.rawValue)
    }
  }

  private mutating func readRegular() throws(SystemError) {
    // Another thing may have taken its name by now.
    let file = try Descriptor.open(trusted: FilePath(path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    let status = try file.status()
    guard status.type == .regular else { throw SystemError("open", path, errno: EAGAIN) }
    self.status = status
    guard let bytes = try file.readAll(limit: JSONLimits().size) else {
      observation = .tooLarge(size: status.size)
      return
    }
    self.bytes = bytes
    observation = .regular(
      ObservedFile(bytes: bytes, uid: 0, gid: 0, permissions: 0o600, links: status.links))
  }

  private static func linkText(_ path: String) -> ByteString {
    var text = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &text, text.count)
    return ByteString(text.prefix(max(count, 0)).map { UInt8(bitPattern: $0) })
  }
}
