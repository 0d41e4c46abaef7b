import Linux

/// Which approval has reached the targets. A daemon that is killed in between finds files that are
/// nobody's doing at its next start: still those of the approval before.
public enum RolloutMark {
  private static let name: FilePath = "rolled-out"

  /// The number of the last approval whose rollout ended; nil if none ever did.
  public static func read(in folder: borrowing Descriptor) -> Int? {
    let bytes = try? folder.readFile(name, limit: 64)
    return bytes.flatMap { $0 }.flatMap {
      Int(String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
  }

  public static func write(_ number: Int, in folder: borrowing Descriptor) throws(SystemError) {
    try folder.writeAtomically(name, Array("\(number)\n".utf8), permissions: 0o400)
  }
}
