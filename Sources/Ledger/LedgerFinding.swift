import MCPConfig

/// One place where a ledger isn't what was written.
public struct LedgerFinding: Hashable, Sendable {
  public enum Kind: String, CaseIterable, Sendable {
    /// A record isn't what its hash or its neighbours say.
    case changed
    /// Records are gone, and none says that they were removed.
    case removed
    case reordered
    /// The end is missing.
    case cutOff = "cut-off"
    /// A file holds what belongs into another.
    case swapped
    /// A line that no record stands for.
    case foreign
    /// A compressed file or the head isn't what was written.
    case damaged
    /// The head isn't there.
    case missing
    /// What was written down elsewhere isn't in the ledger.
    case anchor
  }

  public var kind: Kind
  public var file: String
  /// From 1; nil for the file as a whole.
  public var line: Int?
  public var message: String

  public init(_ kind: Kind, _ file: String, _ line: Int? = nil, _ message: String) {
    self.kind = kind
    self.file = file
    self.line = line
    self.message = message
  }

  public var json: JSON {
    [
      "kind": .text(kind.rawValue), "file": .text(file), "line": line.map { .int($0) } ?? .null,
      "message": .text(message),
    ]
  }
}

/// What a look at a whole ledger came to.
public struct LedgerReport: Sendable {
  public var files = 0
  public var records = 0
  /// The first record that is there.
  public var first: Int?
  /// The last one.
  public var last = LedgerHead.none
  /// In the order in which they were met; no more than the limit.
  public var findings: [LedgerFinding] = []
  /// All of them.
  public var findingCount = 0
  /// What is worth knowing, and no one's fault.
  public var notes: [String] = []
  /// Heads from elsewhere that the chain has.
  public var anchorsHeld = 0

  public static let findingLimit = 100

  public var isIntact: Bool { findingCount == 0 }
  /// Whether there is nothing that could be otherwise than it was written.
  public var isEmpty: Bool { records == 0 }

  public mutating func add(_ finding: LedgerFinding) {
    findingCount += 1
    if findings.count < Self.findingLimit { findings.append(finding) }
  }

  public var json: JSON {
    [
      "intact": .bool(isIntact), "empty": .bool(isEmpty), "files": .int(files),
      "records": .int(records),
      "first": first.map { .int($0) } ?? .null,
      "head": ["seq": .int(last.seq), "hash": .text(last.hash.hexadecimal)],
      "anchors": .int(anchorsHeld), "finding_count": .int(findingCount),
      "findings": .array(findings.map(\.json)), "notes": .array(notes.map { .text($0) }),
    ]
  }
}
