import Linux

/// Which form the state has, in a file of its own: so that a version that doesn't know it leaves all of it
/// alone. Packages read the same file before they put an older version in a newer one's place.
enum StateFormat {
  /// Counts the forms that an older version would misread; not what it may skip.
  static let current = 1

  private static let name: FilePath = "format"

  /// The later form that the state has; nil if this version knows it. State without the file gets it.
  static func later(in state: borrowing Descriptor) throws(SystemError) -> Int? {
    let bytes = try state.readFile(name, limit: 64)
    let text = bytes.map { String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self) }
    // What isn't such a number says nothing; each record below says its own version, too.
    if let found = text.flatMap({ Int($0) }), found >= current {
      return found > current ? found : nil
    }
    // On a read-only disk nothing is written that could be misread.
    try? state.writeAtomically(name, Array("\(current)\n".utf8), permissions: 0o400)
    return nil
  }
}
