import Linux
import MCPConfig
import Support

@testable import mcpolicyctl

/// One verb as the program has it.
struct KnownVerb: CustomStringConvertible {
  /// Such as `status`, or `baseline list`.
  var name: String
  /// Long names, without the dashes.
  var options: Set<String>

  var description: String { name }

  /// Every verb, by the help that the program prints of itself; those that only hold others are left
  /// out.
  static func all(_ bench: Bench) throws -> [KnownVerb] {
    guard bench.run("--experimental-dump-help") == .fine else { return [] }
    let command = try bench.json()["command"] ?? .null
    return command.list("subcommands").flatMap { verbs($0, above: "") }
  }

  private static func verbs(_ command: JSON, above: String) -> [KnownVerb] {
    let name = above + (command["commandName"]?.string?.text ?? "?")
    let inner = command.list("subcommands")
    if !inner.isEmpty { return inner.flatMap { verbs($0, above: "\(name) ") } }
    let options = command.list("arguments")
      .filter { $0["shouldDisplay"]?.bool == true }
      .flatMap { $0.list("names") }
      .filter { $0["kind"]?.string == "long" }
      .compactMap { $0["name"]?.string?.text }
    return [KnownVerb(name: name, options: Set(options))]
  }
}

/// A page of the manual, in mdoc(7).
struct ManualPage {
  /// The lines below each `.It Ic NAME`, the line itself too.
  private(set) var verbs: [String: [String]] = [:]
  /// The lines of the section OPTIONS.
  private(set) var common: [String] = []
  let text: String

  static func path(_ name: String) -> String { "\(packageFolder)/docs/man/\(name)" }

  init(_ name: String) throws {
    let bytes = try InputFile(Self.path(name)).bytes
    text = String(decoding: bytes, as: UTF8.self)
    var section = ""
    var verb: String?
    // A list in the list is of the verb's options.
    var depth = 0
    for line in text.split(separator: "\n").map(String.init) {
      if line.hasPrefix(".Sh ") {
        section = String(line.dropFirst(4))
        verb = nil
      }
      if line.hasPrefix(".Bl ") { depth += 1 }
      if line.hasPrefix(".El") { depth -= 1 }
      if section == "OPTIONS" { common.append(line) }
      guard section == "VERBS" else { continue }
      if line.hasPrefix(".It Ic "), depth == 1 {
        let words = line.split(separator: " ").dropFirst(2)
        verb = words.prefix { !["Op", "Oo", "Ar", "Fl"].contains($0) }.joined(separator: " ")
      }
      if let verb { verbs[verb, default: []].append(line) }
    }
  }

  /// The long options that these lines name.
  static func options(_ lines: [String]) -> Set<String> {
    var found: Set<String> = []
    for line in lines {
      for word in line.split(separator: " ") where word.hasPrefix("-") && word.count > 1 {
        found.insert(String(word.dropFirst()))
      }
    }
    return found
  }
}
