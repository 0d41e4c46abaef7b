import Glibc
import Linux
import MCPConfig

/// What was found when the ledger was opened.
public struct LedgerOpening: Sendable {
  /// A line without its end, which a crash left.
  public struct Cut: Sendable, Equatable {
    public var file: String
    public var bytes: Int
    public var sha256: SHA256Digest

    public var json: JSON {
      ["file": .text(file), "bytes": .int(bytes), "sha256": .text(sha256.hexadecimal)]
    }
  }

  public internal(set) var cut: Cut?
  /// Why the chain doesn't end where its head says; nil if it does.
  public internal(set) var complaint: String?
  /// The mode with which others than its owner could write into the folder; nil if they couldn't.
  public internal(set) var mended: UInt32?
  /// What the next record follows.
  public internal(set) var head = LedgerHead.none
}

extension LedgerOpening {
  /// What is known of the ledger without it.
  struct Earlier {
    /// What `LedgerMark` noted.
    var mark: LedgerHead?
    /// Whether this host must have a record.
    var hasRecords = false
  }

  /// What was noted of the end must be there: else the next record follows that, so that the gap stays to
  /// be seen.
  mutating func hold(against earlier: Earlier) {
    if let mark = earlier.mark, mark.seq >= head.seq, mark != head {
      let found =
        complaint ?? (head.seq == 0 ? "it has no record" : "it ends with record \(head.seq)")
      let other = mark.seq == head.seq ? "another record" : "record"
      complaint = "\(found); \(LedgerMark.name.text) names \(other) \(mark.seq)"
      head = mark
    } else if earlier.hasRecords, head.seq == 0, complaint == nil {
      complaint = "it has no record, and this host had some"
    }
  }
}

extension LedgerFolder {
  /// The file that is written to.
  struct Current {
    var name: LedgerFileName
    /// Up to the end of its last whole line.
    var size: Int
  }

  /// More than can be written and not yet be named by the head.
  private static let window = 4 << 20

  /// Looks at the end of the chain. What can't be looked at is a complaint: nobody is to keep a guard from
  /// its work by what they put here.
  /// - Parameter last: what was noted of the end elsewhere.
  func opened(
    _ last: LedgerOpening.Earlier = .init()
  ) throws(SystemError) -> (opening: LedgerOpening, current: Current?) {
    // Looking into a year of compressed files takes long, and a start shouldn't. What is wrong may be
    // the order only.
    var found = opened(try listing(peeking: { !$0.isCompressed }))
    if found.opening.complaint != nil { found = opened(try listing()) }
    found.opening.hold(against: last)
    return found
  }

  private func opened(
    _ listing: Listing
  ) -> (opening: LedgerOpening, current: Current?) {
    var opening = LedgerOpening()
    var current: Current?
    var complaints = listing.odd.sorted { $0.key < $1.key }.map {
      "\($0.key) is a \($0.value.rawValue), and no file"
    }
    let files = listing.files
    // What the head names may be the last record of the file before: a file is begun when all before it
    // is durable.
    var ends: [[[UInt8]]] = []
    for name in files.reversed() where ends.count < 2 {
      var lines: [[UInt8]] = []
      do throws(SystemError) {
        if name.isCompressed {
          lines = try lastLines(compressed: name)
        } else {
          let end = try self.end(of: name)
          if name == files.last {
            opening.cut = end.cut
            current = Current(name: name, size: end.size)
          }
          lines = end.lines
        }
      } catch {
        complaints.append("\(name.text) can't be read (\(error.reason))")
      }
      if !lines.isEmpty { ends.append(lines) }
    }
    var head = Head.damaged
    do throws(SystemError) {
      head = try self.head()
    } catch {
      complaints.append("its head can't be read (\(error.reason))")
    }
    let next = LedgerTail(lines: ends.reversed().flatMap { $0 }, head: head).next
    opening.head = next.head
    if let complaint = next.complaint { complaints.insert(complaint, at: 0) }
    opening.complaint = complaints.isEmpty ? nil : complaints.prefix(4).joined(separator: "; ")
    return (opening, current)
  }

  private struct End {
    var size = 0
    var lines: [[UInt8]] = []
    var cut: LedgerOpening.Cut?
  }

  private func end(of name: LedgerFileName) throws(SystemError) -> End {
    let file = try folder.openRegular(name.path, O_RDONLY)
    let size = Int(clamping: try file.status().size)
    var end = End()
    end.size = try Self.endOfLastLine(of: file, size: size)
    if end.size < size {
      var stream = SHA256Digest.Stream()
      for offset in stride(from: end.size, to: size, by: 1 << 16) {
        stream.append(try file.readAll(upTo: min(1 << 16, size - offset), at: offset))
      }
      end.cut = LedgerOpening.Cut(
        file: name.text, bytes: size - end.size, sha256: stream.digest)
    }
    let start = max(end.size - Self.window, 0)
    let bytes = try file.readAll(upTo: end.size - start, at: start)
    end.lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
      .map(Array.init)
    // The first line of a window is only the end of one.
    if start > 0, !end.lines.isEmpty { end.lines.removeFirst() }
    return end
  }

  private static func endOfLastLine(
    of file: borrowing Descriptor, size: Int
  ) throws(SystemError) -> Int {
    var end = size
    while end > 0 {
      let start = max(end - (1 << 16), 0)
      let bytes = try file.readAll(upTo: end - start, at: start)
      if let feed = bytes.lastIndex(of: 0x0A) { return start + feed + 1 }
      end = start
    }
    return 0
  }

  private func lastLines(compressed name: LedgerFileName) throws(SystemError) -> [[UInt8]] {
    let lines = try LedgerLines(name, in: folder)
    var last: [[UInt8]] = []
    while let line = try lines.next() {
      guard case .whole(let bytes) = line else { break }
      last.append(bytes)
      if last.count > 1024 { last.removeFirst(512) }
    }
    return last
  }
}
