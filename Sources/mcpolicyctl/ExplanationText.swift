import Linux
import MCPConfig
import Policy

/// The explanation for the developer on the desktop.
enum ExplanationText {
  static func text(_ explanation: Explanation, _ style: Style) -> String {
    var lines = [ByteString(explanation.place.path).escaped]
    lines.append(row("on disk", onDisk(explanation.place)))
    if let content = explanation.content {
      lines += contentLines(content, explanation.judge, style)
    }
    let word = style.paint(explanation.word, Style.Tint(word: explanation.word))
    let count = explanation.findings.count
    lines.append(row("verdict", count == 0 ? word : "\(word), \(counted(count, "finding"))"))
    lines += explanation.findings.map { "  \(CheckText.line($0, style))" }
    lines.append(row("next", next(explanation)))
    lines += requests(explanation).map { row("next", $0) }
    return lines.joined(separator: "\n")
  }

  private static func row(_ name: String, _ text: String) -> String {
    name + String(repeating: " ", count: max(11 - name.count, 1)) + text
  }

  static func onDisk(_ place: FilePlace) -> String {
    let status = place.status
    let owner = Account.withUID(status.uid).map { "\(ByteString($0.name).escaped) " } ?? ""
    let mode = String(status.permissions, radix: 8)
    var text =
      "\(status.type.rawValue), \(counted(Int(clamping: status.size), "byte")), owner \(owner)(uid "
      + "\(status.uid)), mode \(String(repeating: "0", count: max(4 - mode.utf8.count, 0)))\(mode)"
    if status.links > 1 { text += ", \(status.links) names" }
    if let link = place.linkText { text += ", to \(link.shown)" }
    return text
  }

  private static func contentLines(
    _ content: Explanation.Content, _ judge: FileJudge, _ style: Style
  ) -> [String] {
    let copy = judge.expectation.copy
    var lines = [row("bytes", figure(content.sha256, copy.sha256)), row("JSON", dialect(content))]
    lines.append(
      row("approved", "\(ByteString(judge.approvedPath).escaped)\(effective(judge))"))
    guard let read = content.read else { return lines }
    lines.append(
      row("canonical", figure(read.document.root.canonicalSHA256, copy.canonicalSHA256)))
    if content.isFormattingTolerated {
      lines.append(row("tolerated", "formatting: the same meaning in other bytes"))
    }
    for server in content.servers { lines += serverLines(server, style) }
    for (entry, isTolerated) in content.missing {
      lines.append(
        row("server", "\(title(entry)): approved, missing\(isTolerated ? ", tolerated" : "")"))
    }
    if !content.document.isEmpty {
      lines.append(row("document", "differs outside of the servers"))
      lines += content.document.flatMap { differenceLines($0, style) }
    }
    return lines
  }

  private static func effective(_ judge: FileJudge) -> String {
    judge.expectation.user.map { ", as \(ByteString($0.name).escaped) may have it" } ?? ""
  }

  private static func figure(_ found: SHA256Digest, _ approved: SHA256Digest) -> String {
    "SHA-256 \(found), " + (found == approved ? "as approved" : "approved is \(approved)")
  }

  private static func dialect(_ content: Explanation.Content) -> String {
    guard let complaint = content.complaint else { return "strict, as every client reads it" }
    let place = "\(complaint.position): \(FileDigest.message(complaint))"
    return content.read == nil
      ? place : "\(place); Kiro's IDE reads it all the same, its command line doesn't"
  }

  private static func serverLines(_ server: Explanation.Server, _ style: Style) -> [String] {
    let name = "\(server.position) \(title(server.entry))"
    var lines = [row("server", "\(name): \(decision(server.decision))")]
    let digest = short(server.entry.sha256.hexadecimal)
    guard let approved = server.approved else {
      return lines + ["  definition \(digest), none is approved"]
    }
    if approved.sha256 == server.entry.sha256 {
      return lines + ["  definition \(digest), as approved"]
    }
    lines.append("  definition \(digest), approved is \(short(approved.sha256.hexadecimal))")
    return lines + server.differences.flatMap { differenceLines($0, style) }
  }

  private static func differenceLines(_ difference: Explanation.Difference, _ style: Style)
    -> [String]
  {
    let word = difference.isTolerated ? ["  \(difference.field.name) differs, tolerated"] : []
    return word + DiffText.lines(difference.field, style).map { "  \($0)" }
  }

  private static func title(_ entry: ServerEntry) -> String {
    "\(ShownValue.name(entry.name).escaped)\(entry.section == .powers ? " (power)" : "")"
  }

  private static func decision(_ decision: Whitelist.Decision) -> String {
    let rule = ByteString(decision.rule).escaped
    return switch decision {
    case .allowed: "allowed by \(rule)"
    case .prohibited: "prohibited for everyone by \(rule)"
    case .revoked: "revoked on this host"
    case .notForUser: "for other users and groups only, by \(rule)"
    case .otherDefinition: "allowed with another definition only, by \(rule)"
    case .unknown: "denied by default: no whitelist entry names it"
    }
  }

  /// How to ask for the servers that others have, or nobody yet.
  static func requests(_ explanation: Explanation) -> [String] {
    ServerRequest.hints(
      (explanation.content?.servers ?? []).compactMap { server in
        switch server.decision {
        case .unknown, .notForUser: server.entry.name
        case .allowed, .prohibited, .revoked, .otherDefinition: nil
        }
      })
  }

  static func next(_ explanation: Explanation) -> String {
    if explanation.findings.isEmpty { return "nothing to do" }
    let daemon =
      switch explanation.judge.policy.mode {
      case .enforce: "at a target, mcpolicyd puts the approved copy back"
      case .observe: "the policy says observe, so mcpolicyd only reports this"
      }
    return daemon + "; to keep a change, ask the security team to approve the file"
  }
}
