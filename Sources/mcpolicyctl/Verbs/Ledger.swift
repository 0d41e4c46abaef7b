import ArgumentParser
import Control
import Glibc
import Ledger
import Linux
import MCPConfig

struct LedgerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger",
    abstract: "The record of incidents and changes, in which each record is chained to the last.",
    subcommands: [LedgerVerify.self, LedgerShowHead.self, LedgerShow.self])
}

/// Where the ledger lies.
struct LedgerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The ledger, if not /var/lib/mcpolicyd/ledger.", valueName: "dir"),
    completion: .directory)
  var ledger: String?

  func validate() throws {
    guard ledger != "" else { throw ValidationError("--ledger takes a folder, and got no name") }
  }

  func path(_ options: CommonOptions) -> FilePath {
    FilePath(ledger ?? options.onHost("/var/lib/mcpolicyd/ledger"))
  }

  /// What the daemon noted of the host's own ledger, beside it.
  func mark(_ options: CommonOptions) -> LedgerHead? {
    ledger == nil ? LedgerMark.read(in: FilePath(options.onHost("/var/lib/mcpolicyd"))) : nil
  }

  static func failure(_ error: SystemError, _ path: FilePath) -> Failure {
    let outcome: Outcome =
      switch error.errno {
      case EACCES, EPERM: .notAllowed
      case ENOENT, ENOTDIR: .badInput
      default: .failed
      }
    return Failure(outcome, "\(ByteString(path.text).escaped): \(error)")
  }
}

struct LedgerVerify: VerbCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Recomputes the whole chain, and says which record was changed, removed or cut off.",
    discussion: """
      Needs no daemon, but the right to read the ledger's folder. A chain shows what was changed in \
      it; that it wasn't written anew as a whole, heads show that were written down elsewhere. Of an \
      old ledger give all of them: what retention removed is shown by a head before and one after it.
      """)

  @OptionGroup var options: CommonOptions
  @OptionGroup var place: LedgerOptions

  @Option(
    help: ArgumentHelp(
      "A head that was written down elsewhere, which the chain must have.", valueName: "seq:hash"))
  var head: [String] = []

  @Flag(help: "Hold it against the heads in this host's journal, too.")
  var journal = false

  func validate() throws {
    for text in head where LedgerHead(text) == nil {
      throw ValidationError("--head takes a record's number and its hash, as 17:4f…")
    }
  }

  func execute(on console: Console) throws -> Outcome {
    var anchors = head.compactMap { LedgerHead($0) }
    if journal {
      guard let found = JournalHeads.all() else {
        throw Failure(.failed, "the journal can't be read")
      }
      anchors += found
    }
    let path = place.path(options)
    var report: LedgerReport
    do throws(SystemError) {
      report = try LedgerFolder.verify(path: path, anchors: anchors, mark: place.mark(options))
    } catch {
      throw LedgerOptions.failure(error, path)
    }
    // Asked for more than the chain alone, and there is no more.
    if journal, anchors.count == head.count, !report.isEmpty {
      report.add(LedgerFinding(.anchor, "journal", nil, "it has no head of a ledger"))
    }
    if options.json {
      console.print(report.json)
    } else {
      console.print(LedgerText.text(report, asked: anchors.count, console.style))
    }
    return report.isIntact ? .fine : .findings
  }
}

struct LedgerShowHead: VerbCommand {
  static let configuration = CommandConfiguration(
    commandName: "head",
    abstract: "The number and the hash of the last record, to be written down elsewhere.")

  @OptionGroup var options: CommonOptions
  @OptionGroup var place: LedgerOptions

  func execute(on console: Console) throws -> Outcome {
    let path = place.path(options)
    let head: LedgerFolder.Head
    do throws(SystemError) {
      head = try LedgerFolder(path: path).head()
    } catch {
      throw LedgerOptions.failure(error, path)
    }
    switch head {
    case .at(let head):
      if options.json {
        console.print(["seq": .int(head.seq), "hash": .text(head.hash.hexadecimal)])
      } else {
        console.print("\(head)")
      }
      return .fine
    case .missing: throw Failure(.failed, "\(ByteString(path.text).escaped): there is no head")
    case .damaged:
      console.complain("the head isn't what was written; run: mcpolicyctl ledger verify")
      return .findings
    }
  }
}

struct LedgerShow: VerbCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "The records themselves, one a line, as the daemon gives them to auditors.")

  @OptionGroup var options: CommonOptions

  @Option(
    help: ArgumentHelp("Only those from then on, such as 2026-01-31T18:00:00Z.", valueName: "time"))
  var since: String?

  func validate() throws {
    if let since, WallTime(rfc3339: since) == nil {
      throw ValidationError("--since takes a time such as 2026-01-31T18:00:00Z")
    }
  }

  func execute(on console: Console) throws -> Outcome {
    do {
      let client = try ControlClient(path: options.socketPath, timeout: 60)
      let parameters: [(String, JSON)] = since.map { [("since", .text($0))] } ?? []
      try client.stream(.readLedger, .object(parameters)) { reply in
        for line in reply.list("lines") {
          console.write(.output, (line.string?.bytes ?? []) + [UInt8(ascii: "\n")])
        }
        return true
      }
    } catch {
      throw Failure(error)
    }
    return .fine
  }
}

enum LedgerText {
  static func text(_ report: LedgerReport, asked: Int, _ style: Style) -> String {
    var lines = [
      !report.isIntact
        ? style.paint("not intact: \(counted(report.findingCount, "finding"))", .worst)
        : report.isEmpty
          ? style.paint("empty: there is no record, and nothing says that there was one", .warning)
          : style.paint("intact", .good)
    ]
    let first = report.first.map { ", from \($0)" } ?? ""
    lines.append(
      "\(counted(report.records, "record"))\(first) in \(counted(report.files, "file"))")
    if report.last.seq > 0 { lines.append("head \(report.last)") }
    if asked > 0 {
      lines.append("\(report.anchorsHeld) of \(counted(asked, "head")) from elsewhere are in it")
    }
    for finding in report.findings {
      let place = finding.line.map { "\(finding.file):\($0)" } ?? finding.file
      lines.append("\(style.paint(finding.kind.rawValue, .bad)) \(place): \(finding.message)")
    }
    if report.findingCount > report.findings.count {
      lines.append("and \(report.findingCount - report.findings.count) more")
    }
    lines += report.notes.map { "note: \($0)" }
    return lines.joined(separator: "\n")
  }
}
