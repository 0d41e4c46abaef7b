import CLinux
import Glibc
import Linux
import MCPConfig

/// The ledger's files, to be written to. It lives on the writer's thread.
struct LedgerStore: ~Copyable {
  let folder: LedgerFolder
  let host: String
  /// What is durable.
  private(set) var durable: LedgerHead
  /// What is written, and may be lost with the power.
  private var written: LedgerHead
  private var file: Open?
  private var headFile: Head?
  private var isNew = false
  private(set) var headIsBehind = false

  /// The file that is written to. A class, so that it can be put in another's place.
  private final class Open {
    let name: LedgerFileName
    let descriptor: Descriptor
    var durableSize: Int
    var writtenSize: Int
    /// Something may stand behind what is durable.
    var mustTruncate: Bool

    init(
      _ name: LedgerFileName, _ descriptor: consuming Descriptor, size: Int, mustTruncate: Bool
    ) {
      self.name = name
      self.descriptor = descriptor
      durableSize = size
      writtenSize = size
      self.mustTruncate = mustTruncate
    }
  }

  private final class Head {
    let descriptor: Descriptor
    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
  }

  /// Bytes of one batch, about: what is written between two syncs isn't much more.
  static let batchSize = 1 << 20
  /// The file to go on with, opened when there is something to write: the disk may be read-only.
  private var current: LedgerFolder.Current?

  init(
    folder: consuming LedgerFolder, host: String, head: LedgerHead, current: LedgerFolder.Current?
  ) {
    self.folder = folder
    self.host = host
    durable = head
    written = head
    self.current = current
  }

  var currentName: LedgerFileName? { file?.name ?? current?.name }

  /// Whether the file that is written to has no record yet.
  var isEmpty: Bool { file.map { $0.writtenSize == 0 } ?? (current?.size == 0) }

  var hasUnsynced: Bool { written != durable }
  var unsyncedBytes: Int { file.map { $0.writtenSize - $0.durableSize } ?? 0 }

  /// Whether a record of that time goes into the file that is written to now.
  func takes(_ time: WallTime) -> Bool {
    if let file {
      return file.writtenSize == 0
        ? file.name.day == LedgerDay(of: time) : file.name.day.takes(time)
    }
    guard let current else { return false }
    return current.size == 0
      ? current.name.day == LedgerDay(of: time) : current.name.day.takes(time)
  }

  /// Goes on in another file, for records of that time. Everything written must be durable.
  mutating func beginFile(for time: WallTime) throws(SystemError) {
    let day = LedgerDay(of: time)
    let names = try folder.folder.names().compactMap { LedgerFileName($0.text) }
    let taken = names.lazy.filter { $0.day == day }.map(\.number).max() ?? 0
    let name = LedgerFileName(day: day, number: taken + 1)
    let descriptor = try folder.folder.open(
      name.path, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
    file = Open(name, descriptor, size: 0, mustTruncate: false)
    current = nil
    isNew = true
  }

  /// Writes drafts that the file takes; a crash from now on loses none of them, but the power may.
  mutating func write(_ drafts: ArraySlice<LedgerDraft>) throws(SystemError) {
    _ = try openedHead()
    let file = try opened()
    if file.mustTruncate {
      try file.descriptor.truncate(to: file.durableSize)
      file.mustTruncate = false
    }
    var head = written
    var bytes: [UInt8] = []
    for draft in drafts {
      let before = head
      let line = head.append(draft, host: host)
      guard line.count <= LedgerRecord.sizeLimit else {
        head = before
        bytes += head.append(Self.tooLarge(draft), host: host)
        continue
      }
      bytes += line
    }
    try file.descriptor.writeAll(bytes[...], at: file.writtenSize)
    file.writtenSize += bytes.count
    written = head
  }

  /// What can't be told as it is, is told to be missing.
  private static func tooLarge(_ draft: LedgerDraft) -> LedgerDraft {
    LedgerDraft(
      .drops,
      [
        "what": "ledger", "count": 1, "kind": .text(draft.kind.rawValue),
        "bytes": .int(draft.data.count),
        "sha256": .text(SHA256Digest(of: draft.data).hexadecimal),
      ], at: draft.at)
  }

  private mutating func opened() throws(SystemError) -> Open {
    if let file { return file }
    guard let current else { throw SystemError("open", "ledger", errno: ENOENT) }
    do throws(SystemError) {
      let descriptor = try folder.folder.open(current.name.path, O_RDWR)
      let opened = Open(current.name, descriptor, size: current.size, mustTruncate: true)
      file = opened
      self.current = nil
      return opened
    } catch {
      // It went meanwhile: the next try begins another one.
      if error.errno == ENOENT { self.current = nil }
      throw error
    }
  }

  /// Makes what was written durable. The head doesn't name it yet.
  mutating func sync() throws(SystemError) {
    guard let file, hasUnsynced else { return }
    try file.descriptor.syncData()
    if isNew {
      try folder.folder.sync()
      isNew = false
    }
    file.durableSize = file.writtenSize
    durable = written
    headIsBehind = true
  }

  /// Has the head name what is durable.
  mutating func writeHead() throws(SystemError) {
    let head = try openedHead()
    try head.descriptor.writeAll(durable.fileBytes[...], at: 0)
    if try head.descriptor.status().size != UInt64(LedgerHead.fileSize) {
      try head.descriptor.truncate(to: LedgerHead.fileSize)
    }
    try head.descriptor.syncData()
    headIsBehind = false
  }

  /// Made whole, and before the first record, so that a crash leaves no ledger without one.
  private mutating func openedHead() throws(SystemError) -> Head {
    if let headFile { return headFile }
    let name = FilePath(LedgerHead.fileName)
    if try folder.folder.statusIfExists(of: name) == nil {
      try folder.folder.writeAtomically(name, durable.fileBytes)
    }
    let head = Head(try folder.folder.open(name, O_RDWR))
    headFile = head
    return head
  }

  /// Whether the head or the file that is written to was taken away; both are then made anew.
  mutating func noticeLoss() -> String? {
    var lost: [String] = []
    if let headFile, Self.isGone(headFile.descriptor) {
      self.headFile = nil
      headIsBehind = true
      lost.append(LedgerHead.fileName)
    }
    if let file, Self.isGone(file.descriptor) {
      self.file = nil
      lost.append(file.name.text)
    }
    return lost.isEmpty ? nil : lost.joined(separator: ", ")
  }

  private static func isGone(_ file: borrowing Descriptor) -> Bool {
    (try? file.status().links) == 0
  }

  /// Forgets what was written and isn't durable: it is to be written again.
  mutating func rollBack() {
    guard let file else { return }
    written = durable
    file.writtenSize = file.durableSize
    file.mustTruncate = (try? file.descriptor.truncate(to: file.durableSize)) == nil
  }
}
