import CLinux
import Glibc
import Linux
import MCPConfig

/// The ledger's files, to be written to. It lives on the writer's thread.
struct LedgerStore: ~Copyable {
  let path: FilePath
  let host: String
  private var place: Place?
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

  /// - Parameter place: the folder at the path; nil if it can't be opened now.
  init(
    path: FilePath, place: Place?, host: String, head: LedgerHead, current: LedgerFolder.Current?
  ) {
    self.path = path
    self.place = place
    self.host = host
    durable = head
    written = head
    self.current = current
  }

  /// The folder, made anew where it is gone.
  mutating func opened() throws(SystemError) -> Place {
    if let place { return place }
    let opened = try Place(path)
    place = opened
    return opened
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
    let place = try opened()
    try cutOff()
    let day = LedgerDay(of: time)
    let names = try place.folder.names().compactMap { LedgerFileName($0.text) }
    let taken = names.lazy.filter { $0.day == day }.map(\.number).max() ?? 0
    let name = LedgerFileName(day: day, number: taken + 1)
    let descriptor = try place.folder.open(
      name.path, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
    file = Open(name, descriptor, size: 0, mustTruncate: false)
    current = nil
    isNew = true
  }

  /// What stands behind the last whole line is taken away before the file is left for good: it is nobody's
  /// record.
  private mutating func cutOff() throws(SystemError) {
    if file == nil, current == nil { return }
    do throws(SystemError) {
      let file = try openedFile()
      guard file.mustTruncate else { return }
      try file.descriptor.truncate(to: file.durableSize)
      file.mustTruncate = false
    } catch {
      // One that isn't there any more has nothing behind it.
      if !Self.noFile.contains(error.errno) { throw error }
    }
  }

  /// What opening says where there is no file of that name.
  private static let noFile = [ENOENT, EINVAL, ELOOP, EISDIR, ENXIO]

  /// Writes drafts that the file takes; a crash from now on loses none of them, but the power may.
  mutating func write(_ drafts: ArraySlice<LedgerDraft>) throws(SystemError) {
    _ = try openedHead()
    let file = try openedFile()
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

  private mutating func openedFile() throws(SystemError) -> Open {
    if let file { return file }
    guard let current else { throw SystemError("open", "ledger", errno: ENOENT) }
    do throws(SystemError) {
      let descriptor = try opened().folder.openRegular(current.name.path, O_RDWR)
      let opened = Open(current.name, descriptor, size: current.size, mustTruncate: true)
      file = opened
      self.current = nil
      return opened
    } catch {
      // It went meanwhile, or is no file: the next try begins another one.
      if Self.noFile.contains(error.errno) { self.current = nil }
      throw error
    }
  }

  /// Makes what was written durable. The head doesn't name it yet.
  mutating func sync() throws(SystemError) {
    guard let file, hasUnsynced else { return }
    try file.descriptor.syncData()
    if isNew {
      try opened().folder.sync()
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
    let place = try opened()
    let name = FilePath(LedgerHead.fileName)
    let type = try place.folder.statusIfExists(of: name)?.type
    if let type, type != .regular { try Self.putAside(name, in: place.folder) }
    if type != .regular { try place.folder.writeAtomically(name, durable.fileBytes) }
    let head = Head(try place.folder.openRegular(name, O_RDWR))
    headFile = head
    return head
  }

  /// What has the head's name and is no file is kept under another one.
  private static func putAside(
    _ name: FilePath, in folder: borrowing Descriptor
  ) throws(SystemError) {
    for number in 1...8 {
      do throws(SystemError) {
        return try folder.rename(
          name, to: folder, FilePath("\(name.text).aside.\(number)"), replacing: .nothing)
      } catch {
        if error.errno != EEXIST || number == 8 { throw error }
      }
    }
  }

  /// Whether the folder, the head or the file that is written to was taken away, or another one has its
  /// name; it is then made anew, and what wasn't durable is to be written again.
  mutating func noticeLoss() -> String? {
    guard let place else { return nil }
    if place.isElsewhere(than: path) {
      self.place = nil
      headFile = nil
      file = nil
      current = nil
      written = durable
      headIsBehind = durable.seq > 0
      return "its folder"
    }
    var lost: [String] = []
    let head = FilePath(LedgerHead.fileName)
    if let headFile, place.misses(headFile.descriptor, head) {
      self.headFile = nil
      headIsBehind = true
      lost.append(LedgerHead.fileName)
    }
    if let file, place.misses(file.descriptor, file.name.path) {
      self.file = nil
      written = durable
      lost.append(file.name.text)
    }
    return lost.isEmpty ? nil : lost.joined(separator: ", ")
  }

  /// Forgets what was written and isn't durable: it is to be written again.
  mutating func rollBack() {
    guard let file else { return }
    written = durable
    file.writtenSize = file.durableSize
    file.mustTruncate = (try? file.descriptor.truncate(to: file.durableSize)) == nil
  }
}
