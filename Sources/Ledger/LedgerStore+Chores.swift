import Glibc
import Linux
import MCPConfig

/// What is to be done about the files of earlier days, one at a time.
enum LedgerChore: Hashable {
  case compress(LedgerFileName)
  case remove(LedgerFileName)
}

extension LedgerChore {
  /// What comes first, of files in the order of their chain. Pure: it does nothing.
  /// - Parameter current: the file that is written to, which is left alone.
  static func next(
    _ files: [LedgerFileName], current: LedgerFileName?, today: LedgerDay, retentionDays: Int
  ) -> LedgerChore? {
    let old = files.prefix { $0 != current }
    // The newest of them stays, so that heads from elsewhere show what the record of a removal follows.
    if let oldest = old.first, let last = old.last, oldest != last,
      oldest.day.number < today.number - retentionDays,
      // A clock that leapt ahead removes nothing before it was kept for a day.
      today.number - last.day.number <= longestPause
    {
      return .remove(oldest)
    }
    return old.first { !$0.isCompressed }.map { .compress($0) }
  }

  /// Days between one file and the next of a host that isn't always on.
  private static let longestPause = 7
}

extension LedgerStore {
  enum ChoreFailure: Error {
    case system(SystemError)
    /// The daemon ends.
    case interrupted
  }

  mutating func nextChore(retentionDays: Int) throws(SystemError) -> LedgerChore? {
    guard let current = currentName else { return nil }
    return LedgerChore.next(
      try opened().ledger.listing().files, current: current, today: LedgerDay(of: .now),
      retentionDays: retentionDays)
  }

  /// Does it, and tells it by a record before anything is gone. Everything written must be durable.
  /// - Parameter retentionDays: by which the chore was chosen.
  mutating func run(
    _ chore: LedgerChore, retentionDays: Int, isInterrupted: () -> Bool
  ) throws(ChoreFailure) {
    switch chore {
    case .compress(let name): try compress(name, isInterrupted)
    case .remove(let name): try remove(name, retentionDays, isInterrupted)
    }
  }

  private mutating func compress(
    _ name: LedgerFileName, _ isInterrupted: () -> Bool
  ) throws(ChoreFailure) {
    let made = try makeCompressed(name, isInterrupted)
    do throws(SystemError) {
      guard made.records > 0 else { return try take(away: name) }
      try tell(
        LedgerDraft(
          .compressed,
          [
            "file": .text(name.compressed.text), "sha256": .text(made.sha256.hexadecimal),
            "records": .int(made.records),
          ]))
      try take(away: name)
    } catch {
      throw .system(error)
    }
  }

  /// Whole and durable beside the plain file; a crash leaves a file that counts for nothing.
  private mutating func makeCompressed(
    _ name: LedgerFileName, _ isInterrupted: () -> Bool
  ) throws(ChoreFailure) -> (sha256: SHA256Digest, records: Int) {
    let target = name.compressed.path
    let temporary = Descriptor.unfinishedName(of: target)
    var stream = SHA256Digest.Stream()
    var records = 0
    let place: Place
    do throws(SystemError) {
      place = try opened()
    } catch {
      throw .system(error)
    }
    do {
      let source = try place.folder.openRegular(name.path, O_RDONLY)
      try? place.folder.unlink(temporary)
      let made = try place.folder.open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: 0o400)
      guard var encoder = GzipEncoder() else {
        throw SystemError("deflate", name.text, errno: ENOMEM)
      }
      var isLast = false
      while !isLast {
        if isInterrupted() { throw ChoreFailure.interrupted }
        let bytes = try source.readStart(limit: 1 << 16)
        isLast = bytes.isEmpty
        records += bytes.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
        try encoder.encode(bytes, isLast: isLast) {
          (piece: ArraySlice<UInt8>) throws(SystemError) in
          let piece = Array(piece)
          stream.append(piece)
          try made.writeAll(piece)
        }
      }
      guard records > 0 else {
        try place.folder.unlink(temporary)
        return (stream.digest, 0)
      }
      try made.sync()
      try place.folder.rename(temporary, to: place.folder, target, replacing: .anything)
      try place.folder.sync()
    } catch {
      try? place.folder.unlink(temporary)
      if let error = error as? SystemError { throw .system(error) }
      throw .interrupted
    }
    return (stream.digest, records)
  }

  private mutating func remove(
    _ name: LedgerFileName, _ retentionDays: Int, _ isInterrupted: () -> Bool
  ) throws(ChoreFailure) {
    do {
      let place = try opened()
      var first: LedgerRecord?
      var last: LedgerRecord?
      let lines = try LedgerLines(name, in: place.folder)
      while let line = try lines.next() {
        if isInterrupted() { throw ChoreFailure.interrupted }
        guard case .whole(let bytes) = line else { continue }
        let record = try? LedgerRecord(line: bytes)
        if first == nil { first = record }
        last = record
      }
      // What can't be told of a damaged file is null, and the verifier finds it.
      try tell(
        LedgerDraft(
          .removed,
          [
            "file": .text(name.text), "first_seq": first.map { .int($0.seq) } ?? .null,
            "last_seq": last.map { .int($0.seq) } ?? .null,
            "last_hash": .optional(last?.hash.hexadecimal),
            "retention_days": .int(retentionDays),
          ]))
      try take(away: name)
    } catch {
      if let error = error as? SystemError { throw .system(error) }
      throw .interrupted
    }
  }

  private mutating func tell(_ draft: LedgerDraft) throws(SystemError) {
    do throws(SystemError) {
      if !takes(draft.at) { try beginFile(for: draft.at) }
      try write([draft])
      try sync()
    } catch {
      rollBack()
      throw error
    }
    try writeHead()
  }

  /// With its other form, which a crash may have left beside it.
  private mutating func take(away name: LedgerFileName) throws(SystemError) {
    let place = try opened()
    try place.folder.unlink(name.path)
    if name.isCompressed { try? place.folder.unlink(name.plain.path) }
    try place.folder.sync()
  }
}
