import Glibc
import Linux

/// The newest head, noted now and then beside the ledger's folder: so that a ledger that is gone with its
/// own head isn't taken for one that never was.
public enum LedgerMark {
  public static let name: FilePath = "ledger-mark"
  private static let limit = 128

  /// - Parameter folder: the one above the ledger's.
  /// - Returns: nil if there is none that can be read.
  public static func read(in folder: FilePath) -> LedgerHead? {
    guard let opened = try? Descriptor.open(trusted: folder, O_RDONLY | O_DIRECTORY),
      let bytes = try? opened.readFile(name, limit: limit)
    else { return nil }
    return LedgerHead(String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self))
  }

  static func write(_ head: LedgerHead, in folder: FilePath) throws(SystemError) {
    try Descriptor.open(trusted: folder, O_RDONLY | O_DIRECTORY)
      .writeAtomically(name, Array("\(head)\n".utf8), permissions: 0o400)
  }
}
