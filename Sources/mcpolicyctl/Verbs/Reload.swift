import ArgumentParser
import Control
import MCPConfig

struct Reload: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reads the policy anew; one that doesn't hold leaves the old one in force.",
    discussion: """
      With --dry-run nothing comes into force: it tells at which targets a reload would restore the \
      approved copy, and why. Exit status 2: the policy doesn't hold.
      """)

  @OptionGroup var options: CommonOptions

  @Flag(help: "Only tell what a reload would do.")
  var dryRun = false

  func execute(on console: Console) throws -> Outcome {
    let reply = try options.ask(
      dryRun ? .tryReload : .reload, patience: CommonOptions.rolloutPatience)
    if options.json {
      console.print(reply)
    } else if dryRun {
      console.print(DryRunText.text(reply, console.style))
    } else {
      console.print("The policy is in force, generation \(reply.amount("generation")).")
    }
    return .fine
  }
}

enum DryRunText {
  static func text(_ reply: JSON, _ style: Style) -> String {
    var lines = [
      "The policy holds and would be generation \(reply.amount("generation")) "
        + "(\(reply.shown("mode") ?? "?")). Nothing was changed.",
      "\(reply.amount("checked")) targets looked at: \(reply.amount("would_restore")) would be "
        + "restored, \(reply.amount("would_report")) only reported, "
        + "\(reply.amount("would_fail")) couldn't be restored",
    ]
    func count(_ key: ByteString) -> Int { reply.number(key) ?? 0 }
    let changes = count("would_restore") + count("would_report") + count("would_fail")
    if changes > 0 {
      lines.append(
        "  \(count("rollouts")) rollout: right as it is now, and not under this policy; "
          + "\(changes - count("rollouts")) drift: not right now either")
      let kinds = reply["by_kind"]?.members?.map {
        "\($0.value.integer ?? 0) \($0.key.escaped)"
      }
      lines.append("  \((kinds ?? []).joined(separator: ", "))")
    }
    if count("released") > 0 {
      lines.append("  \(counted(count("released"), "target")) would not be kept any more")
    }
    if reply["adopts"]?.bool == true {
      lines.append("  the approved file is what the pin names, and would be the baseline")
    }
    if reply["complete"]?.bool == false {
      lines.append(style.paint("  a home didn't answer: the figures lack it", .warning))
    }
    for problem in reply.list("problems").compactMap({ $0.string?.escaped }) {
      lines.append(style.paint("  problem: \(problem)", .warning))
    }
    let listed = reply.list("changes")
    if !listed.isEmpty { lines += ["", table(listed, style)] }
    if listed.count < changes { lines.append("and \(changes - listed.count) more") }
    return lines.joined(separator: "\n")
  }

  private static func table(_ changes: [JSON], _ style: Style) -> String {
    var table = Table("TARGET", "USER", "WOULD", "WHY", "PATH")
    for change in changes {
      table.add(
        .init(change.shown("target") ?? "?"), .init(change.shown("user") ?? "-"),
        .init(change.shown("step") ?? "?"), .init(word: change.shown("reason") ?? "?"),
        .init(change.shown("path") ?? "?"))
      for finding in change.list("findings") { table.add(note: FindingText.text(finding, style)) }
      if let error = change.shown("error") {
        table.add(note: "\(style.paint("fails", .worst)): \(error)")
      }
    }
    return table.text(style)
  }
}
