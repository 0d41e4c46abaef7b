import ArgumentParser
import MCPConfig
import Policy

struct Diff: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "What a file says that isn't approved, by server and field.",
    discussion: """
      Needs no daemon. What may be a secret shows only its length. Exit status 0: the same meaning, \
      whatever the order and the white space; 1: another one.
      """)

  @OptionGroup var options: CommonOptions
  @OptionGroup var judging: JudgingOptions

  @Option(help: ArgumentHelp("Another file to compare with.", valueName: "file"))
  var against: String?

  @Argument(help: "An mcp.json; - is the standard input.")
  var file: String

  func validate() throws {
    let judges = [judging.policy, judging.approved, judging.user].contains { $0 != nil }
    guard against == nil || !judges else {
      throw ValidationError("--against takes the place of --policy, --approved and --user")
    }
  }

  func execute(on console: Console) throws -> Outcome {
    let found = try Self.read(file)
    let approved: (path: String, read: ReadConfiguration)
    if let against {
      approved = (against, try Self.read(against))
    } else {
      let judge = try FileJudge(judging, options)
      approved = (judge.approvedPath, ReadConfiguration(judge.expectation.copy.document))
    }
    let difference = ConfigDifference(
      approved: approved.read.document, found: found.document)
    // What only some programs of a client can read doesn't mean the same to all.
    let complaint = approved.read.complaint == nil ? found.complaint : nil
    if options.json {
      console.print(json(difference, approved.path, complaint))
    } else {
      console.print(
        DiffText.text(
          difference, approved: approved.path, found: file, complaint, console.style))
    }
    return difference.isEmpty && complaint == nil ? .fine : .findings
  }

  private func json(
    _ difference: ConfigDifference, _ against: String, _ complaint: JSONError?
  ) -> JSON {
    let unreadable: JSON =
      complaint.map {
        [
          "message": .text(FileDigest.message($0)), "line": .int($0.position.line),
          "column": .int($0.position.column),
        ]
      } ?? .null
    return .object(
      [
        ("path", .text(file)), ("against", .text(against)),
        ("same", .bool(difference.isEmpty && complaint == nil)), ("unreadable", unreadable),
      ] + difference.json)
  }

  private static func read(_ path: String) throws -> ReadConfiguration {
    let bytes = try InputFile.requiredNamed(path).bytes
    do throws(JSONError) {
      return try ReadConfiguration(bytes)
    } catch {
      throw Failure(
        .badInput,
        "\(InputFile.shownName(path)):\(error.position): \(FileDigest.message(error))")
    }
  }
}

enum DiffText {
  static func text(
    _ difference: ConfigDifference, approved: String, found: String, _ complaint: JSONError?,
    _ style: Style
  ) -> String {
    var lines: [String] = []
    if let complaint {
      lines.append(
        "\(InputFile.shownName(found)):\(complaint.position): \(FileDigest.message(complaint)); "
          + "not every program of a client reads it")
    }
    if difference.isEmpty {
      return (lines + ["\(InputFile.shownName(found)) says what is approved"])
        .joined(separator: "\n")
    }
    lines += [
      style.paint("--- \(InputFile.shownName(approved)) (approved)", .bad),
      style.paint("+++ \(InputFile.shownName(found)) (found)", .good),
    ]
    for server in difference.servers {
      lines.append(style.paint("server \(server.title)\(word(server.change))", .mild))
      lines += server.fields.flatMap { self.lines($0, style) }
    }
    if !difference.document.isEmpty {
      lines.append(style.paint("outside of the servers", .mild))
      lines += difference.document.flatMap { self.lines($0, style) }
    }
    return lines.joined(separator: "\n")
  }

  static func lines(_ field: ConfigDifference.Field, _ style: Style) -> [String] {
    let approved = field.approvedText.map { style.paint("- \(field.name): \($0)", .bad) }
    let found = field.foundText.map { style.paint("+ \(field.name): \($0)", .good) }
    return [approved, found].compactMap { $0 }
  }

  private static func word(_ change: ConfigDifference.Change) -> String {
    switch change {
    case .added: ", not approved"
    case .removed: ", missing"
    case .changed: ""
    }
  }
}
