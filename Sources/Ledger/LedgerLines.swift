import Glibc
import Linux
import MCPConfig

/// The lines of one file, plain or compressed, in bounded memory.
final class LedgerLines {
  enum Line {
    /// Without its line feed.
    case whole([UInt8])
    /// What stands after the last line feed.
    case unfinished([UInt8])
    /// The rest of the file can't be read, or a line is longer than any record.
    case damaged(String)
  }

  let name: LedgerFileName
  private let file: Descriptor
  private var decoder: GzipDecoder?
  private var input: ArraySlice<UInt8> = []
  private var hasMore = false
  private var buffer: [UInt8] = []
  /// Where the next line begins, and up to where there is no line feed.
  private var start = 0
  private var scanned = 0
  private var isOver = false
  private var stream = SHA256Digest.Stream()

  private static let pieceSize = 1 << 16

  init(_ name: LedgerFileName, in folder: borrowing Descriptor) throws(SystemError) {
    self.name = name
    file = try folder.openRegular(name.path, O_RDONLY)
    if name.isCompressed {
      decoder = GzipDecoder()
      if decoder == nil { throw SystemError("inflate", name.text, errno: ENOMEM) }
    }
  }

  /// Of the file as it lies there, once all of it was read.
  var fileDigest: SHA256Digest { stream.digest }

  /// The next line; nil at the end.
  func next() throws(SystemError) -> Line? {
    while true {
      if let end = lineFeed() {
        let line = Array(buffer[start..<end])
        start = end + 1
        scanned = start
        return .whole(line)
      }
      if buffer.count - start > LedgerRecord.sizeLimit {
        try skipLine()
        return .damaged("a line is longer than any record")
      }
      if isOver { return rest() }
      if start > 0 {
        buffer.removeSubrange(..<start)
        scanned -= start
        start = 0
      }
      do throws(Failure) {
        try fill()
      } catch {
        switch error {
        case .system(let error): throw error
        case .damage(let reason):
          isOver = true
          buffer = []
          (start, scanned) = (0, 0)
          try readToEnd()
          return .damaged(reason)
        }
      }
    }
  }

  private func lineFeed() -> Int? {
    let found = buffer.withUnsafeBytes { bytes -> Int? in
      guard scanned < bytes.count, let base = bytes.baseAddress,
        let place = memchr(base + scanned, 0x0A, bytes.count - scanned)
      else { return nil }
      return UnsafeRawPointer(place) - base
    }
    if found == nil { scanned = buffer.count }
    return found
  }

  private func rest() -> Line? {
    guard start < buffer.count else { return nil }
    defer { start = buffer.count }
    return .unfinished(Array(buffer[start...]))
  }

  private func skipLine() throws(SystemError) {
    while lineFeed() == nil, !isOver {
      buffer = []
      (start, scanned) = (0, 0)
      do throws(Failure) {
        try fill()
      } catch {
        if case .system(let error) = error { throw error }
        return
      }
    }
    start = lineFeed().map { $0 + 1 } ?? buffer.count
    scanned = start
  }
}

// MARK: Bytes

extension LedgerLines {
  private enum Failure: Error {
    case system(SystemError)
    case damage(String)
  }

  private func fill() throws(Failure) {
    guard decoder != nil else {
      let bytes = try read()
      if bytes.isEmpty { isOver = true }
      buffer += bytes
      return
    }
    // A full room may have more behind it, which comes out without input.
    if input.isEmpty, !hasMore {
      input = try read()[...]
      if input.isEmpty {
        guard decoder?.isOver == true else { throw .damage("the compressed file isn't whole") }
        isOver = true
        return
      }
    }
    do throws(GzipDecoder.Damage) {
      let piece = try decoder?.decode(&input) ?? []
      hasMore = piece.count == GzipDecoder.pieceSize
      buffer += piece
    } catch {
      throw .damage("the compressed file is damaged")
    }
  }

  private func read() throws(Failure) -> [UInt8] {
    do throws(SystemError) {
      return try piece()
    } catch {
      throw .system(SystemError(error.operation, name.text, errno: error.errno))
    }
  }

  private func piece() throws(SystemError) -> [UInt8] {
    let bytes = try file.readSome(upTo: Self.pieceSize) ?? []
    if name.isCompressed { stream.append(bytes) }
    return bytes
  }

  /// So that the digest is that of the whole file.
  private func readToEnd() throws(SystemError) {
    while try !piece().isEmpty {}
  }
}
