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
    /// Names of the ledger's that aren't files, and what they are: nothing opens them.
    public var odd: [String: FileType] = [:]
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
        // One that goes meanwhile is told by whoever wants to read it.
        let type = try folder.statusIfExists(of: name)?.type ?? .regular
        if type == .regular { names.insert(file) } else { listing.odd[name.text] = type }
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
    let name = FilePath(LedgerHead.fileName)
    guard let status = try folder.statusIfExists(of: name) else { return .missing }
    guard status.type == .regular else { return .damaged }
    do throws(SystemError) {
      guard let bytes = try folder.readFile(name, limit: LedgerHead.fileSize) else {
        return .missing
      }
      return LedgerHead(fileBytes: bytes).map { .at($0) } ?? .damaged
    } catch {
      // Larger than it ever is, or a symlink since a moment ago.
      if [EFBIG, ELOOP].contains(error.errno) { return .damaged }
      throw error
    }
  }
}

extension Descriptor {
  /// Opens a file of that name and nothing else, and waits for nobody.
  func openRegular(_ name: FilePath, _ flags: Int32) throws(SystemError) -> Descriptor {
    let file = try open(name, flags | O_NONBLOCK)
    guard try file.status().type == .regular else {
      throw SystemError("open", name.text, errno: EINVAL)
    }
    return file
  }
}
