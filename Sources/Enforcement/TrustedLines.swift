import Linux

/// A file of root's with one record a line and fields between colons, as `/etc/passwd` is, read
/// again when it changed.
struct TrustedLines {
  let path: FilePath
  private var read: FileStatus?
  private var isFirst = true

  init(path: FilePath) {
    self.path = path
  }

  /// The records, if the file changed since they were last asked for.
  mutating func changedRecords() -> [[String]]? {
    let found = FileStatus.ofTrusted(path)
    guard isFirst || found != read else { return nil }
    isFirst = false
    read = found
    guard let bytes = try? Descriptor.readAll(trusted: path, limit: 64 << 20) else { return [] }
    return bytes.split(separator: UInt8(ascii: "\n")).map { line in
      line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
    }
  }
}
