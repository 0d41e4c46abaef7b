import ArgumentParser
import Control
import MCPConfig

struct Targets: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "The files the daemon keeps, and how each is.")

  @OptionGroup var options: CommonOptions

  func execute(on console: Console) throws -> Outcome {
    let reply = try options.ask(.listTargets)
    if options.json {
      console.print(reply)
    } else {
      console.print(TargetsText.text(reply.list("targets"), console.style))
    }
    return .fine
  }
}

enum TargetsText {
  static func text(_ targets: [JSON], _ style: Style) -> String {
    if targets.isEmpty { return "No targets that you may see." }
    var table = Table("TARGET", "USER", "STATE", "MODE", "WATCHED", "PATH")
    for target in targets {
      table.add(
        .init(target.shown("name") ?? "?"), .init(target.shown("user") ?? "-"),
        .init(word: target.shown("state") ?? "?"), .init(target.shown("mode") ?? "?"),
        .init(target["watched"]?.bool == true ? "yes" : "no"), .init(target.shown("path") ?? "?"))
      for finding in target.list("findings") { table.add(note: FindingText.text(finding, style)) }
    }
    return table.text(style)
  }
}

enum FindingText {
  /// The severity, the kind, and the sentence that says why.
  static func text(_ finding: JSON, _ style: Style) -> String {
    let severity = finding.shown("severity") ?? "?"
    var text = "\(style.paint(severity, Style.Tint(word: severity))) \(subject(finding)): "
    text += finding.shown("message") ?? "?"
    if let rule = finding.shown("rule") { text += " (rule: \(rule))" }
    return text
  }

  /// The kind, and what it is about.
  static func subject(_ finding: JSON) -> String {
    let about = [finding.shown("server"), finding.shown("field")].compactMap { $0 }
    return ([finding.shown("kind") ?? "?"] + about).joined(separator: " ")
  }
}
