import Linux

/// The lines of a ledger from a time on, a piece at a time. Confined to one thread.
public final class LedgerChunks {
  private let cursor: LedgerCursor
  /// As records spell it.
  private let since: [UInt8]?

  /// Bytes of one piece, about: small, because the loop has to spell it for the peer.
  public static let size = 16 << 10

  public init(_ folder: consuming LedgerFolder, since: WallTime?) throws(SystemError) {
    cursor = try LedgerCursor(folder, since: since.map(LedgerDay.init(of:)))
    self.since = since.map { Array($0.rfc3339.utf8) }
  }

  /// Empty at the end. A file that can't be read to its end is left at the place.
  public func next() throws(SystemError) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var size = 0
    while size < Self.size, let event = try cursor.next() {
      guard case .line(let line) = event, isWanted(line) else { continue }
      lines.append(line)
      size += line.count
    }
    return lines
  }

  /// What has no time that can be read is wanted: someone should see it.
  private func isWanted(_ line: [UInt8]) -> Bool {
    guard let since else { return true }
    let start = Array(#"{"at": ""#.utf8)
    guard line.starts(with: start), line.count > start.count + since.count else { return true }
    return !line[start.count..<(start.count + since.count)].lexicographicallyPrecedes(since)
  }
}
