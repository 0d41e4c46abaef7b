import ArgumentParser
import Control
import Glibc
import Linux
import MCPConfig
import Reporting

struct Report: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "A month of evidence; or what enforcing would have restored.",
    discussion: """
      Counts incidents by kind, severity, user, server, host and day, the times to restore and to \
      respond, approvals, grants and revocations, and says which servers each user may have. It reads \
      the host's ledger, for which it must be root, or folders of journal files, those of \
      systemd-journal-remote too; the daemon isn't asked. All times are UTC.

      With --would it is about the time before "mode" goes to enforce: the drift that was reported \
      since the daemon's start, as far as the daemon still keeps it, and the targets that don't hold \
      the approved copy now.
      """)

  @OptionGroup var options: CommonOptions

  @Option(
    help: ArgumentHelp(
      "From when: 30d or 12h ago, 2026-01-31 (its start) or 2026-01-31T18:00:00Z.",
      valueName: "time"))
  var since = "30d"

  @Option(
    help: ArgumentHelp(
      "Up to when, as --since; a day is counted whole. Until now if left out.", valueName: "time"))
  var until: String?

  @Option(help: ArgumentHelp("html, json, csv or md; md if left out.", valueName: "format"))
  var format: ReportFormat?

  @Option(
    help: ArgumentHelp(
      "Write it there; without --format, the name's end says which.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp(
      "The ledger's folder, if not /var/lib/mcpolicyd/ledger.", valueName: "dir"),
    completion: .directory)
  var ledger: String?

  @Option(
    help: ArgumentHelp(
      "A folder of journal files to read in place of the ledger; may be repeated.",
      valueName: "dir"),
    completion: .directory)
  var journal: [String] = []

  @Flag(help: "What enforcing would have restored.")
  var would = false

  @Option(help: ArgumentHelp("Only this user's incidents or targets.", valueName: "name"))
  var user: String?

  func validate() throws {
    let isOfEvidence =
      until != nil || format != nil || output != nil || ledger != nil || !journal.isEmpty
    if would, isOfEvidence || since != "30d" {
      throw ValidationError("--would goes with --user alone")
    }
    if ledger != nil, !journal.isEmpty {
      throw ValidationError("--ledger or --journal, not both: they tell of the same incidents")
    }
    if ledger == "" || journal.contains("") || output == "" {
      throw ValidationError("--ledger, --journal and --output take a name, and got an empty one")
    }
    if options.json, let format, format != .json {
      throw ValidationError("--json is --format json")
    }
  }

  func execute(on console: Console) throws -> Outcome {
    try would ? reportWould(on: console) : reportPeriod(on: console)
  }

  private func reportPeriod(on console: Console) throws -> Outcome {
    let period = try period(now: console.now)
    let reading = try read(period)
    let report = ReportDocument(
      reading.tally, source: reading.source,
      generator: "mcpolicyctl \(ServiceInfo.mcpolicyd.version)", at: console.now,
      unreadableFiles: reading.unreadableFiles, ledger: reading.ledger)
    try write(report, on: console)
    for file in reading.unreadableFiles {
      console.complain("not read: \(ByteString(file).escaped)")
    }
    let isWhole = reading.unreadableFiles.isEmpty && reading.ledger?.findings.isEmpty ?? true
    return isWhole ? .fine : .findings
  }

  private func period(now: WallTime) throws(Failure) -> ReportPeriod {
    guard let start = ReportTime.since(since, now: now) else {
      throw Failure(.badInput, "--since: \(ByteString(since).shown) is \(ReportTime.words)")
    }
    guard let end = until.map({ ReportTime.until($0, now: now) }) ?? now else {
      throw Failure(.badInput, "--until: \(ByteString(until ?? "").shown) is \(ReportTime.words)")
    }
    guard let period = ReportPeriod(since: start, until: end) else {
      throw Failure(.badInput, "a report's end lies after its start, by ten years at most")
    }
    return period
  }

  private func read(_ period: ReportPeriod) throws(Failure) -> ReportReading {
    if journal.isEmpty {
      let folder = ledger ?? options.onHost("/var/lib/mcpolicyd/ledger")
      var reading = ReportReading(period, user: user, source: "the ledger \(folder)")
      // What the host's own journal says of the ledger's ends, where it is this host's ledger.
      let isOwn = ledger == nil && options.root == nil
      let anchors = isOwn ? JournalHeads.all() ?? [] : []
      try LedgerFiles.read(folder, into: &reading, period, anchors: anchors)
      return reading
    }
    var reading = ReportReading(
      period, user: user, source: "the journal \(journal.joined(separator: ", "))")
    for folder in journal { try JournalFiles.read(folder, into: &reading, period) }
    return reading
  }

  private func write(_ report: ReportDocument, on console: Console) throws(Failure) {
    let ending = output?.split(separator: ".").last.map(String.init)
    let format =
      format ?? (options.json ? .json : ending.flatMap { ReportFormat(rawValue: $0) } ?? .md)
    guard let output else {
      if format == .json { return console.print(report.json) }
      return console.write(.output, format.render(report))
    }
    do throws(SystemError) {
      // A device, a FIFO or a symlink is written into, not replaced.
      let isSpecial = FileStatus.ofTrusted(FilePath(output)).map { $0.type != .regular } ?? false
      if isSpecial {
        return try Descriptor.open(trusted: FilePath(output), O_WRONLY | O_TRUNC)
          .writeAll(format.render(report))
      }
      let parts = output.split(separator: "/", omittingEmptySubsequences: false)
      let folder = parts.count == 1 ? "." : parts.dropLast().joined(separator: "/") + "/"
      try Descriptor.open(trusted: FilePath(folder))
        .writeAtomically(FilePath(String(parts.last!)), format.render(report), permissions: 0o644)
    } catch {
      throw Failure(.failed, "\(ByteString(output).escaped): \(error.reason)")
    }
  }

  private func reportWould(on console: Console) throws -> Outcome {
    var parameters: [(String, JSON)] = [("limit", .int(Incidents.most))]
    if let user { parameters.append(("user", .text(user))) }
    // What was done about older ones isn't known any more.
    let incidents = try options.ask(.listIncidents, parameters).list("incidents").filter {
      $0["action"] != nil
    }
    let targets = try options.ask(.listTargets).list("targets").filter { target in
      user.map { target["user"]?.string == ByteString($0) } ?? true
    }
    let report = WouldReport(incidents: incidents, targets: targets)
    if options.json {
      console.print(report.json)
    } else {
      console.print(WouldReportText.text(report, console.style, now: console.now))
    }
    return .fine
  }
}

extension ReportFormat: ExpressibleByArgument {}
