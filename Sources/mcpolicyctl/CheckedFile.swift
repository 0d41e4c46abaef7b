import Glibc
import Linux
import MCPConfig
import Policy

/// A file and its verdict.
struct CheckedFile {
  struct PlacedFinding {
    var finding: Finding
    /// Nil for what isn't in the file.
    var position: Position?
  }

  var path: String
  /// `compliant`, `drift` or `unreadable`.
  var word: String
  /// There was nothing to judge.
  var isMissing: Bool
  var findings: [PlacedFinding]
  /// Nil if no one asked for them.
  var warnings: [LintWarning]?

  init(_ path: String, by judge: FileJudge, lint: Bool) {
    self.path = path
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try InputFile.named(path).bytes
    } catch {
      word = "unreadable"
      isMissing = error.errno != EFBIG
      let reason = "The file can't be read: \(InputFile.reason(error))."
      findings = [PlacedFinding(finding: Finding(.unreadableConfig, reason))]
      warnings = lint ? [] : nil
      return
    }
    isMissing = false
    let found = judge.findings(on: bytes)
    findings = Self.place(found, bytes)
    let isReadable = (try? JSON(parsing: bytes, as: judge.expectation.client.dialect)) != nil
    word = !isReadable ? "unreadable" : found.isEmpty ? "compliant" : "drift"
    if lint { warnings = Self.warnings(on: bytes, besides: found) }
  }

  static func place(_ findings: [Finding], _ bytes: [UInt8]) -> [PlacedFinding] {
    if findings.isEmpty { return [] }
    let read: ReadConfiguration?
    let complaint: JSONError?
    do throws(JSONError) {
      read = try ReadConfiguration(bytes)
      complaint = read?.complaint
    } catch {
      read = nil
      complaint = error
    }
    let places = PlaceTable(bytes)
    return findings.map { finding in
      if finding.kind == .unreadableConfig, finding.server == nil, let complaint {
        return PlacedFinding(finding: finding, position: complaint.position)
      }
      let offset = read.flatMap { FieldPlace.offset(of: finding, in: $0.document) }
      return PlacedFinding(finding: finding, position: offset.map(places.position))
    }
  }

  /// What is said as a finding already isn't said again as a warning.
  private static func warnings(on bytes: [UInt8], besides findings: [Finding]) -> [LintWarning] {
    guard let read = try? ReadConfiguration(bytes) else { return [] }
    let exposed = Set(
      findings.lazy.filter { $0.kind == .credentialExposure }.map { [$0.server?.text, $0.field] })
    return ApprovalLint.warnings(on: read.document, text: bytes).filter {
      $0.rule != .literalSecret || !exposed.contains([$0.server.text, $0.field])
    }
  }
}

extension CheckedFile {
  var json: JSON {
    var members: [(String, JSON)] = [
      ("path", .text(path)), ("verdict", .text(word)),
      ("findings", .array(findings.map { Self.json($0, placed: warnings != nil) })),
    ]
    if let warnings { members.append(("warnings", .array(warnings.map(Self.json)))) }
    return .object(members)
  }

  /// - Parameter placed: with line and column, which the contract's plain form doesn't have.
  static func json(_ placed: PlacedFinding, placed isPlaced: Bool) -> JSON {
    let finding = placed.finding
    var members: [(String, JSON)] = [
      ("kind", .text(finding.kind.rawValue)), ("severity", .text(finding.severity.rawValue)),
      ("server", finding.server.map { .bytes($0) } ?? .null),
      ("field", .optional(finding.field)), ("rule", .text(finding.rule)),
      ("message", .text(finding.message)),
    ]
    if isPlaced {
      members.append(("line", placed.position.map { .int($0.line) } ?? .null))
      members.append(("column", placed.position.map { .int($0.column) } ?? .null))
    }
    return .object(members)
  }

  private static func json(_ warning: LintWarning) -> JSON {
    [
      "rule": .text(warning.rule.rawValue), "level": .text(warning.rule.level.rawValue),
      "server": .bytes(warning.server), "field": .text(warning.field),
      "line": .int(warning.position.line), "column": .int(warning.position.column),
      "message": .text(warning.message),
    ]
  }
}

enum CheckText {
  static func text(_ file: CheckedFile, _ style: Style) -> String {
    let word = style.paint(file.word, Style.Tint(word: file.word))
    let findings = file.findings.map { "\n  \(line($0, style))" }
    let warnings = (file.warnings ?? []).map { "\n  \(LintText.line($0, style))" }
    return "\(InputFile.shownName(file.path)): \(word)\((findings + warnings).joined())"
  }

  static func line(_ placed: CheckedFile.PlacedFinding, _ style: Style) -> String {
    let place = placed.position.map { "\($0) " } ?? ""
    return place + FindingText.text(CheckedFile.json(placed, placed: false), style)
  }
}

enum LintText {
  static func line(_ warning: LintWarning, _ style: Style) -> String {
    let level = style.paint(warning.rule.level.rawValue, tint(warning.rule.level))
    return "\(warning.position) \(level) \(warning.rule.rawValue) "
      + "\(warning.server.escaped) \(ByteString(warning.field).escaped): \(warning.message)"
  }

  private static func tint(_ level: LintRule.Level) -> Style.Tint {
    switch level {
    case .note: .mild
    case .warning: .warning
    case .error: .bad
    }
  }
}
