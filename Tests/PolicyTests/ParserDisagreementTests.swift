import MCPConfig
import Policy
import Support
import Testing

/// Bytes of which two parsers make two things are never compliant.
@Suite struct ParserDisagreementTests {
  private static let approved = #"{"mcpServers":{"git":{"command":"uvx","args":["a\tb"]}}}"#

  private static func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
    text.utf16.flatMap { unit in
      let bytes = [UInt8(truncatingIfNeeded: unit >> 8), UInt8(truncatingIfNeeded: unit)]
      return bigEndian ? bytes : bytes.reversed()
    }
  }

  private static let texts: [(String, [UInt8])] = [
    // Foundation's parsers take these three encodings; Node and the CLI don't.
    ("byte order mark", [0xEF, 0xBB, 0xBF] + approved.utf8),
    ("UTF-16 with a mark", [0xFF, 0xFE] + utf16(approved, bigEndian: false)),
    ("UTF-16 without", utf16(approved, bigEndian: true)),
    // Of two equal keys JSONDecoder keeps the first, the others the last.
    (
      "section twice",
      Array(
        #"{"mcpServers":{"git":{"command":"uvx","args":["a\tb"]}},"mcpServers":{"git":{"command":"sh"}}}"#
          .utf8)
    ),
    (
      "server twice",
      Array(
        #"{"mcpServers":{"git":{"command":"uvx","args":["a\tb"]},"git":{"command":"sh"}}}"#.utf8)
    ),
    (
      "escaped key",
      Array(#"{"mcpServers":{"git":{"command":"sh","\u0063ommand":"uvx","args":["a\tb"]}}}"#.utf8)
    ),
    (
      "the same value twice",
      Array(#"{"mcpServers":{"git":{"command":"uvx","command":"uvx","args":["a\tb"]}}}"#.utf8)
    ),
    (
      "variable twice",
      Array(
        #"{"mcpServers":{"git":{"command":"uvx","args":["a\tb"],"env":{"A":"1","A":"2"}}}}"#.utf8)
    ),
    // Swift's parsers take white space in strings, and commas at the end.
    ("raw tab", Array("{\"mcpServers\":{\"git\":{\"command\":\"uvx\",\"args\":[\"a\tb\"]}}}".utf8)),
    (
      "trailing commas",
      Array(#"{"mcpServers":{"git":{"command":"uvx","args":["a\tb",],},},}"#.utf8)
    ),
    // JSON5 and JSON with comments.
    ("line comment", Array((approved + "//").utf8)),
    ("nested comment", Array((#"/*/**/"# + approved).utf8)),
    ("single quotes", Array(#"{'mcpServers':{'git':{'command':'uvx','args':['a\tb']}}}"#.utf8)),
    // Node decodes what isn't UTF-8 all the same.
    (
      "invalid UTF-8",
      Array((approved.dropLast(3) + #","x":"#).utf8) + [0x22, 0xFF, 0x22] + Array("}}}".utf8)
    ),
    ("lone surrogate", Array((approved.dropLast(1) + #","x":"\ud800"}"#).utf8)),
    ("not a number", Array((approved.dropLast(1) + #","x":NaN}"#).utf8)),
    ("infinite", Array((approved.dropLast(1) + #","x":1e999}"#).utf8)),
    // JSONDecoder skips what it isn't asked for.
    ("broken elsewhere", Array((approved.dropLast(1) + #","x":tru}"#).utf8)),
    (
      "deep",
      Array(
        (approved.dropLast(1) + #","x":"# + String(repeating: "[", count: 600)
          + String(repeating: "]", count: 600) + "}").utf8)
    ),
    ("two documents", Array((approved + "\n" + approved).utf8)),
    ("NUL after the end", Array(approved.utf8) + [0]),
    ("cut short", Array(approved.utf8.dropLast())),
    // Python and Node see two servers, Swift's parsers one.
    (
      "equivalent names",
      Array((#"{"mcpServers":{"\u00e9":{},"e\u0301":{},"# + approved.dropFirst(15)).utf8)
    ),
  ]

  @Test(arguments: texts.indices)
  func neverCompliant(_ index: Int) throws {
    var bench = try Bench(approved: Self.approved)
    bench.tolerate = .all
    let (name, bytes) = Self.texts[index]
    let verdict = bench.verdict(bytes)
    #expect(!verdict.isCompliant, "\(name)")
    #expect(!verdict.contentStands, "\(name)")
    #expect(verdict.found.contains { $0.kind == .unreadableConfig }, "\(name): \(verdict.found)")
  }

  @Test func whatAllReadAlikeIsCompliant() throws {
    var bench = try Bench(approved: Self.approved)
    bench.tolerate = [.formatting]
    for text in [
      Self.approved + "\r\n", "\n\t " + Self.approved,
      #"{"\u006dcpServers":{"git":{"args":["\u0061\u0009b"],"command":"\u0075vx"}}}"#,
    ] {
      #expect(bench.verdict(text).isCompliant)
    }
  }
}

/// The same over the corpus, whose table says which server definition each parser hands to its client.
@Suite(.enabled(if: Corpus.folder != nil)) struct SyntheticCorpusTests {
  private static let parsers = [
    "python_str", "python_bytes", "node_JSON.parse", "swift_JSONDecoder",
    "swift_JSONDecoder_json5", "swift_JSONSerialization",
  ]

  /// What a parser made of it, in the words of the table.
  private static func summary(_ document: ConfigDocument) -> String {
    if let git = document.server("git", in: .servers), let command = git.definition["command"] {
      return "git.command=\(command.string.map { $0.text.replacing("\0", with: "") } ?? "?")"
    }
    guard let servers = document.root["mcpServers"]?.members else { return "no-mcpServers" }
    return "servers=\(servers.count)"
  }

  @Test func compliantMeansTheSameToEveryParser() throws {
    let folder = try #require(Corpus.folder)
    let rows = Corpus.table("synthetic-differentials.tsv")
    #expect(rows.count >= 50)
    let files = try rows.map { row in
      let name = try #require(row["file"])
      return (name, row, try #require(Corpus.read("\(folder)/synthetic/\(name)")))
    }
    // Each of them that can be approved is approved in turn.
    let copies = files.compactMap { try? ApprovedCopy(bytes: $0.2) }
      .filter { $0.document.misshapen.isEmpty }
      .compactMap { copy in
        // So that no verdict hides behind the whitelist; a name that can't stand there stays out.
        try? (copy, Bench.whitelist(everyoneMayHave: copy.document.servers.map(\.name)))
      }
    #expect(copies.count > 15)
    var compliant = 0
    for (name, row, bytes) in files {
      for (copy, whitelist) in copies {
        var bench = try Bench()
        bench.copy = copy
        bench.whitelist = whitelist
        bench.tolerate = [.formatting, .disabled, .narrowerApprovals]
        guard bench.verdict(bytes).isCompliant else { continue }
        compliant += 1
        let judged = Self.summary(copy.document)
        for parser in Self.parsers {
          let made = try #require(row[parser])
          if made.hasPrefix("ERR") { continue }
          #expect(made == judged, "\(name): \(parser)")
        }
      }
    }
    #expect(compliant >= copies.count)
  }
}
