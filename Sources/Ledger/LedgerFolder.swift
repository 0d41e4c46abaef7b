import Glibc
import Linux
import MCPConfig

/// The files of a ledger, in the order of their chain.
public struct LedgerFolder: ~Copyable {
  let folder: Descriptor

  public init(_ folder: consuming Descriptor) {
    self.folder = folder
  }

  public init(path: FilePath) throws(SystemError) {
    self.init(try Descriptor.open(trusted: path, O_RDONLY | O_DIRECTORY))
  }

  /// What is in the folder.
  public struct Listing: Sendable {
    /// In the order of the chain. Where a file is there plain and compressed, the plain one.
    public var files: [LedgerFileName] = []
    /// Compressed files whose plain one is still there: a crash, or a moment before it goes.
    public var doubles: Set<LedgerFileName> = []
    /// Names that the ledger doesn't give.
    public var foreign: [String] = []
  }

  /// More names than this, and something else fills the folder.
  private static let nameLimit = 16_384

  public func listing() throws(SystemError) -> Listing {
    try listing(peeking: { _ in true })
  }

  /// - Parameter peeks: whose first record is looked at for the order; that of others is known by the
  ///   names next to them.
  func listing(peeking peeks: (LedgerFileName) -> Bool) throws(SystemError) -> Listing {
    var listing = Listing()
    var names: Set<LedgerFileName> = []
    for name in try folder.names(limit: Self.nameLimit) {
      if let file = LedgerFileName(name.text) {
        names.insert(file)
      } else if name.text != LedgerHead.fileName, !Descriptor.isUnfinished(name) {
        listing.foreign.append(ByteString(name.text).shown)
      }
    }
    listing.doubles = names.filter { $0.isCompressed && names.contains($0.plain) }
    listing.files = inOrder(names.subtracting(listing.doubles).sorted(), peeks)
    listing.foreign.sort()
    return listing
  }

  /// Names are in the chain's order, unless the clock was set back: then their first records are.
  private func inOrder(
    _ names: [LedgerFileName], _ peeks: (LedgerFileName) -> Bool
  ) -> [LedgerFileName] {
    var keyed: [(seq: Int, name: LedgerFileName)] = []
    // A first record that was tampered with says nothing: its file stays behind the one before.
    for name in names {
      let seq = peeks(name) ? firstSeq(name) : nil
      keyed.append((seq ?? keyed.last?.seq ?? 0, name))
    }
    if zip(keyed, keyed.dropFirst()).allSatisfy({ $0.seq <= $1.seq }) { return names }
    return keyed.enumerated().sorted {
      ($0.element.seq, $0.offset) < ($1.element.seq, $1.offset)
    }.map(\.element.name)
  }

  func firstSeq(_ name: LedgerFileName) -> Int? {
    guard let lines = try? LedgerLines(name, in: folder), case .whole(let line) = try? lines.next(),
      let record = try? LedgerRecord(line: line), record.isIntact
    else { return nil }
    return record.seq
  }

  public enum Head: Sendable, Equatable {
    case missing
    /// It isn't what was written.
    case damaged
    case at(LedgerHead)
  }

  public func head() throws(SystemError) -> Head {
    let bytes: [UInt8]?
    do throws(SystemError) {
      bytes = try folder.readFile(FilePath(LedgerHead.fileName), limit: LedgerHead.fileSize)
    } catch {
      // Larger than it ever is, or no file.
      if error.operation == "read", error.path == LedgerHead.fileName { return .damaged }
      throw error
    }
    guard let bytes else { return .missing }
    return LedgerHead(fileBytes: bytes).map { .at($0) } ?? .damaged
  }
}
