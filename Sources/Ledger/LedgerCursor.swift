import Glibc
import Linux
import MCPConfig

/// Walks through a ledger line by line, in the order of its chain. Confined to one thread.
public final class LedgerCursor {
  public enum Event: Sendable {
    case began(LedgerFileName)
    case line([UInt8])
    /// What stands after the last line feed of the file.
    case unfinished([UInt8])
    /// What can't be read, and why; in a compressed file, all the rest of it.
    case damaged(String)
    /// With the digest of a compressed file as it lies there.
    case ended(LedgerFileName, sha256: SHA256Digest?)
  }

  public let listing: LedgerFolder.Listing
  private let folder: LedgerFolder
  private var rest: ArraySlice<LedgerFileName>
  private var lines: LedgerLines?

  /// - Parameter since: leaves out the files that hold nothing of that day or later.
  public init(_ folder: consuming LedgerFolder, since: LedgerDay? = nil) throws(SystemError) {
    listing = try folder.listing()
    rest = listing.files.filter { since == nil || $0.day >= since! }[...]
    self.folder = folder
  }

  /// Nil at the end. A file that goes meanwhile because it is too old is `ENOENT`: then the walk is to
  /// begin anew.
  public func next() throws(SystemError) -> Event? {
    guard let lines else {
      guard let name = rest.popFirst() else { return nil }
      let opened = try open(name)
      self.lines = opened
      return .began(opened.name)
    }
    switch try lines.next() {
    case .whole(let line): return .line(line)
    case .unfinished(let bytes): return .unfinished(bytes)
    case .damaged(let reason): return .damaged(reason)
    case nil:
      self.lines = nil
      return .ended(lines.name, sha256: lines.name.isCompressed ? lines.fileDigest : nil)
    }
  }

  /// One that was plain a moment ago may be compressed now.
  private func open(_ name: LedgerFileName) throws(SystemError) -> LedgerLines {
    do throws(SystemError) {
      return try LedgerLines(name, in: folder.folder)
    } catch {
      guard error.errno == ENOENT, !name.isCompressed else { throw error }
      return try LedgerLines(name.compressed, in: folder.folder)
    }
  }
}
