import Linux
import MCPConfig

/// Looks at the lines of a ledger one by one and says what isn't as it was written. Pure: it does
/// nothing.
///
/// It holds no line, so a ledger of any length takes the same memory.
public struct LedgerVerifier {
  public internal(set) var report = LedgerReport()
  var chain = LedgerChainCheck()
  var anchors: LedgerAnchors
  let head: LedgerFolder.Head
  /// What was noted beside the ledger.
  let mark: LedgerHead?

  var file: LedgerFileName?
  var line = 0
  private var numbers: [LedgerDay: Int] = [:]
  private var saidDay = false
  /// What retention told, by the number of each file's last record.
  private var removals: [Int: LedgerRemoval] = [:]
  /// What stood behind the last line feed of the file before.
  private var unfinished: (file: LedgerFileName, bytes: Int)?
  private var sealed: [String: SHA256Digest] = [:]
  private var found: [(name: LedgerFileName, sha256: SHA256Digest)] = []

  /// - Parameters:
  ///   - head: as it stood before the first line was read: the ledger may grow meanwhile.
  ///   - anchors: heads that were written down elsewhere.
  ///   - mark: what was noted beside the ledger before the first line was read.
  public init(
    head: LedgerFolder.Head, anchors: [LedgerHead] = [], mark: LedgerHead? = nil
  ) {
    self.head = head
    self.mark = mark
    self.anchors = LedgerAnchors(anchors)
  }

  public mutating func take(_ event: LedgerCursor.Event) {
    switch event {
    case .began(let name): begin(name)
    case .line(let bytes): take(line: bytes)
    case .unfinished(let bytes): unfinished = file.map { ($0, bytes.count) }
    case .damaged(let reason):
      line += 1
      add(.damaged, "after line \(line - 1): \(reason)")
      chain.skipUnreadable(LedgerPlace(file: file?.text ?? "", line: line), knowsRecords: false)
    case .ended(let name, let sha256):
      if let sha256 { found.append((name, sha256)) }
    }
  }

  mutating func add(_ kind: LedgerFinding.Kind, _ message: String) {
    report.add(LedgerFinding(kind, file?.text ?? LedgerHead.fileName, line, message))
  }

  private mutating func begin(_ name: LedgerFileName) {
    tellUnfinished(isLast: false)
    file = name
    line = 0
    saidDay = false
    report.files += 1
    if let before = numbers[name.day], before >= name.number {
      report.add(
        LedgerFinding(.swapped, name.text, nil, "it holds records after those of file \(before)"))
    }
    numbers[name.day] = max(numbers[name.day] ?? 0, name.number)
  }

  private mutating func take(line bytes: [UInt8]) {
    line += 1
    let place = LedgerPlace(file: file?.text ?? "", line: line)
    let record: LedgerRecord
    do throws(LedgerRecord.Malformed) {
      record = try LedgerRecord(line: bytes)
    } catch {
      chain.skipUnreadable(place, reason: error.reason)
      return
    }
    report.records += 1
    if !record.isIntact { add(.changed, "record \(record.seq) isn't what its hash says") }
    checkDay(record)
    for finding in chain.take(record, at: place) { report.add(finding) }
    if case .at(let head) = head, head.seq == record.seq, head.hash != record.digest {
      add(.changed, "record \(record.seq) isn't the one that the head names")
    }
    if let mark, mark.seq == record.seq, mark.hash != record.digest {
      add(.changed, "record \(record.seq) isn't the one that \(LedgerMark.name.text) names")
    }
    for finding in anchors.take(record, at: place) { report.add(finding) }
    note(record)
  }

  private mutating func checkDay(_ record: LedgerRecord) {
    guard let file, !saidDay else { return }
    let isRight =
      line == 1 ? LedgerDay(of: record.at) == file.day : file.day.takes(record.at)
    if !isRight {
      saidDay = true
      add(
        .swapped, "record \(record.seq) is of \(LedgerDay(of: record.at)), and not of \(file.day)")
    }
  }

  /// Bytes that a crash left, or that are being written now, are behind what the head names. A start cuts
  /// them off before it begins another file, so that they stand in the last one only.
  private mutating func tellUnfinished(isLast: Bool) {
    guard let (file, bytes) = unfinished else { return }
    unfinished = nil
    let message = "\(bytes) bytes after the last whole line are no record"
    if isLast, !file.isCompressed {
      report.notes.append("\(file.text): \(message)")
    } else {
      report.add(LedgerFinding(.foreign, file.text, nil, message))
    }
  }

  /// What the ledger says of its own files.
  private mutating func note(_ record: LedgerRecord) {
    guard record.isIntact else { return }
    switch record.kind {
    case "compressed":
      guard let file = record.data["file"]?.string?.text,
        let sha256 = record.data["sha256"]?.string.flatMap(SHA256Digest.init(hexadecimal:))
      else { return }
      sealed[file] = sha256
    case "removed":
      guard let removal = LedgerRemoval(record) else { return }
      // Of one before the first record that is there, only the newest matters.
      removals[removal.lastSeq] = removal
    case "start":
      // It went on from there, so the chain by itself fits again.
      guard let complaint = record.data["complaint"]?.string else { return }
      add(.cutOff, "the daemon found at its start that \(complaint.shown)")
    default: break
    }
  }
}

// MARK: The end

extension LedgerVerifier {
  /// - Parameter listing: the files that were walked through.
  public mutating func end(_ listing: LedgerFolder.Listing) -> LedgerReport {
    tellUnfinished(isLast: true)
    report.first = chain.first?.seq
    report.last = chain.last
    for (name, type) in listing.odd.sorted(by: { $0.key < $1.key }) {
      report.add(LedgerFinding(.foreign, name, nil, "it is a \(type.rawValue), and no file"))
    }
    for finding in chain.end() { report.add(finding) }
    checkStart()
    checkHead()
    let isIntact = report.isIntact
    for (name, sha256) in found {
      guard let told = sealed[name.text] else {
        // Among records that are missing, perhaps.
        if !isIntact { continue }
        report.add(
          LedgerFinding(.foreign, name.text, nil, "no record says that it was compressed"))
        continue
      }
      if told != sha256 {
        report.add(LedgerFinding(.damaged, name.text, nil, "it isn't the file that was compressed"))
      }
    }
    for finding in anchors.end(first: chain.first?.seq, last: chain.last, removals: removals) {
      report.add(finding)
    }
    report.anchorsHeld = anchors.held
    report.notes += anchors.notes
    for name in listing.doubles.sorted() {
      report.notes.append("\(name.text): its compression wasn't ended; the plain file counts")
    }
    for name in listing.foreign { report.notes.append("\(name): isn't a file of the ledger") }
    return report
  }

  private mutating func checkStart() {
    guard let first = chain.first, let place = chain.firstPlace else { return }
    if first.seq == 1, first.prev == LedgerHead.none.hash { return }
    if let removal = removals[first.seq - 1], removal.hash == first.prev {
      report.notes.append(
        "records 1 to \(first.seq - 1) were removed, as record \(removal.toldBy) says: "
          + "files were kept for \(removal.days) days")
      return
    }
    let message =
      first.seq == 1
      ? "record 1 follows another one"
      : "records 1 to \(first.seq - 1) are gone, and no record says that they were removed"
    report.add(
      LedgerFinding(first.seq == 1 ? .changed : .removed, place.file, place.line, message))
  }

  private mutating func checkHead() {
    let place = chain.lastPlace
    if let mark, mark.seq > chain.last.seq {
      report.add(
        LedgerFinding(
          .cutOff, LedgerMark.name.text, nil,
          "it names record \(mark.seq), and the last one is \(chain.last.seq)"))
    }
    switch head {
    case .missing where chain.first == nil: break
    case .missing:
      report.add(LedgerFinding(.missing, LedgerHead.fileName, nil, "the head is missing"))
    case .damaged:
      report.add(
        LedgerFinding(.damaged, LedgerHead.fileName, nil, "the head isn't what was written"))
    case .at(let head):
      if head.seq > chain.last.seq {
        report.add(
          LedgerFinding(
            .cutOff, place?.file ?? LedgerHead.fileName, place.map { $0.line + 1 },
            "the head names record \(head.seq), and the last one is \(chain.last.seq)"))
      } else if let first = chain.first, head.seq < first.seq,
        head != LedgerHead(seq: first.seq - 1, hash: first.prev)
      {
        report.add(
          LedgerFinding(
            .damaged, LedgerHead.fileName, nil,
            "the head names record \(head.seq), and the first one is \(first.seq)"))
      } else if chain.last.seq > head.seq {
        report.notes.append("\(chain.last.seq - head.seq) records follow the head")
      }
    }
  }
}

/// Where a line stands.
struct LedgerPlace: Hashable, Sendable {
  var file: String
  var line: Int
}
