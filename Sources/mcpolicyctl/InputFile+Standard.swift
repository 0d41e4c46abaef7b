import Linux
import MCPConfig

extension InputFile {
  /// The name under which a verb reads its standard input.
  static let standardInput = "-"

  /// Reads a file, or for `-` the standard input.
  static func named(_ path: String) throws(SystemError) -> InputFile {
    try path == standardInput ? InputFile("/dev/stdin") : InputFile(path)
  }

  /// Reads it for a verb that can't go on without.
  static func requiredNamed(_ path: String) throws(Failure) -> InputFile {
    do {
      return try named(path)
    } catch {
      throw Failure(.badInput, "\(shownName(path)): \(reason(error))")
    }
  }

  /// What people call it.
  static func shownName(_ path: String) -> String {
    path == standardInput ? "standard input" : ByteString(path).escaped
  }
}
