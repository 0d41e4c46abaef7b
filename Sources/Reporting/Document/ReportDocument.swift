import Linux
import Policy

/// What a report says, ready for any format: figures, and names that can't act on a terminal.
public struct ReportDocument: Sendable {
  public var header: Header
  public var incidents: Incidents
  public var restores: Restores
  public var response: Response
  public var hosts: [Host]
  public var changes: Changes
  public var inventory: Inventory
  public var records: Records

  public struct Header: Sendable {
    public var since: WallTime
    public var until: WallTime
    public var days: Int
    public var generatedAt: WallTime
    /// Such as `mcpolicyctl 0.1.0`.
    public var generator: String
    /// Such as `the ledger /var/lib/mcpolicyd/ledger`.
    public var source: String
    /// Whose incidents it is limited to.
    public var user: String?
  }

  /// A name and its incidents.
  public struct Row: Sendable {
    public var name: String
    public var counts: SeverityCounts
  }

  /// Rows, the largest first, and the sum of those there was no room for.
  public struct Rows: Sendable {
    public var rows: [Row]
    public var others: SeverityCounts
    /// Whether a count may be too small.
    public var isCut: Bool { others.total > 0 }
  }

  public struct Incidents: Sendable {
    public var counts: SeverityCounts
    /// A record may stand for several incidents.
    public var records: SeverityCounts
    public var repeated: Int
    public var restored: Int
    public var reported: Int
    public var held: Int
    public var failed: Int
    public var byLeadingKind: Rows
    /// An incident counts under each kind of its findings.
    public var byKind: Rows
    public var byUser: Rows
    /// An incident counts under each server that its findings name.
    public var byServer: Rows
    /// Every day of the period.
    public var byDay: [Row]
  }

  public struct Restores: Sendable {
    /// Records with a time; each stands once, with the slowest of what it counts.
    public var timed: Int
    public var mean: Int?
    public var p95: Int?
    public var max: Int
    public var sum: Int
    public var bands: [Int]
  }

  public struct Response: Sendable {
    public struct Class: Sendable {
      public var severity: Severity
      public var withinMinutes: Int
      public var records: Int
      public var answered: Int
      public var inTime: Int
      public var resolved: Int
      /// Seconds from discovery to the first response.
      public var meanSeconds: Int?
      public var maxSeconds: Int?

      public var late: Int { answered - inTime }
      public var unanswered: Int { records - answered }
    }

    public var isRecorded: Bool
    /// Worst first.
    public var classes: [Class]
    public var overdue: Int
    /// Escalations by their level.
    public var byLevel: [(level: String, count: Int)]
    public var notCounted: Int
  }

  public struct Host: Sendable {
    public var name: String
    public var counts: SeverityCounts
    public var starts: Int
    public var daysWithRecords: Int
    public var first: WallTime?
    public var last: WallTime?
    public var head: AnchoredHead?
  }

  public struct Changes: Sendable {
    public struct Entry: Sendable {
      public var at: WallTime
      public var host: String
      public var change: String
      public var actor: String?
      public var server: String?
      public var user: String?
      public var until: String?
      public var ticket: String?
      public var reason: String?
      public var sha256: String?
    }

    /// By the word of the change; all that a host can record, so that none is missing for being zero.
    public var counts: [(change: String, count: Int)]
    /// In the order of their time; without reloads.
    public var entries: [Entry]
    public var notListed: Int
  }

  public struct Inventory: Sendable {
    public struct Entry: Sendable {
      public var user: String
      public var servers: [String]
      /// On which the user has just these.
      public var hosts: [String]
    }

    /// The newest and the oldest record that it rests on; nil when there is none.
    public var newest: WallTime?
    public var oldest: WallTime?
    public var entries: [Entry]
    public var isCut: Bool
  }

  public struct Records: Sendable {
    public var unreadable: Int
    /// Files that could not be read, and why.
    public var unreadableFiles: [String]
    public var dropped: Int
    public var removedFiles: Int
    public var refusals: Int
    public var unprovisioned: Int
    public var modeChanges: Int
    public var hostsNotListed: SeverityCounts
    /// What verifying the ledger found; nil when nobody did.
    public var ledger: LedgerCheck?
  }
}

/// What verifying a ledger found.
public struct LedgerCheck: Sendable {
  public var records: Int
  public var files: Int
  public var head: AnchoredHead?
  /// What is wrong with it, and where; empty when nothing is.
  public var findings: [String]
  /// Heads that were written down elsewhere and are in it.
  public var headsHeld: Int

  public init(
    records: Int, files: Int, head: AnchoredHead?, findings: [String], headsHeld: Int = 0
  ) {
    self.records = records
    self.files = files
    self.head = head
    self.findings = findings
    self.headsHeld = headsHeld
  }
}
