import Glibc
import Linux
import MCPConfig

/// A file the caller names.
struct InputFile {
  var path: String
  var bytes: [UInt8]

  init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  /// - Throws: `SystemError` if it can't be read, or `EFBIG` if it is larger than any configuration
  ///   may be.
  init(_ path: String) throws(SystemError) {
    self.path = path
    let file = try Descriptor.open(trusted: FilePath(path))
    guard let bytes = try file.readAll(limit: JSONLimits().size) else {
      throw SystemError("read", path, errno: EFBIG)
    }
    self.bytes = bytes
  }

  /// The reason why it can't be read, in words.
  static func reason(_ error: SystemError) -> String {
    error.errno == EFBIG
      ? JSONError(.tooLarge(limit: JSONLimits().size), at: Position(line: 1, column: 1)).message
      : error.reason
  }

  /// Reads it for a verb that can't go on without.
  static func required(_ path: String) throws(Failure) -> InputFile {
    do {
      return try InputFile(path)
    } catch {
      throw Failure(.badInput, "\(ByteString(path).escaped): \(reason(error))")
    }
  }
}
