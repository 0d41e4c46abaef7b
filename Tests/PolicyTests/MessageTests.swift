import MCPConfig
import Policy
import Testing

/// What a message may hold: names and words of ours, and nothing that stands in a user's file.
@Suite struct MessageTests {
  /// Every value of the document has one of its own that stands nowhere else.
  private struct Marker {
    var values: [String] = []

    mutating func marked(_ value: JSON) -> JSON {
      switch value.content {
      case .null, .bool: return value
      case .number: return JSON(.number(ByteString(next("4242"))))
      case .string: return .text(next("VALUE"))
      case .array(let elements): return .array(elements.map { marked($0) })
      case .object(let members):
        return JSON(.object(members.map { JSON.Member(key: $0.key, value: marked($0.value)) }))
      }
    }

    private mutating func next(_ prefix: String) -> String {
      values.append("\(prefix)\(10_000 + values.count)")
      return values[values.count - 1]
    }
  }

  @Test func noValueOfAUsersFileIsShown() throws {
    let bench = try Bench()
    var marker = Marker()
    let marked = marker.marked(bench.copy.document.root)
    #expect(marker.values.count > 15)
    var texts = [marked.prettyForm]
    for server in ["x", "web-search", "db", "git"] {
      let document: JSON = [
        "mcpServers": JSON.object([(server, ["command": "VALUE10001", "n": "VALUE10002"])])
      ]
      texts.append(document.compactForm)
      texts.append(document.compactForm + Array("// VALUE10003".utf8))
      texts.append(document.compactForm + Array("VALUE10003".utf8))
      texts.append(Array(document.compactForm.dropLast(20)))
    }
    texts.append(Array(#"{"mcpServers":"VALUE10001"}"#.utf8))
    texts.append(Array(#"{"mcpServers":{"git":"VALUE10001","x":"VALUE10002"}}"#.utf8))
    texts.append(Array(#""VALUE10001""#.utf8))
    for text in texts {
      let verdict = bench.verdict(text)
      #expect(!verdict.isCompliant)
      for finding in verdict.findings {
        for value in marker.values {
          #expect(!finding.message.contains(value))
          #expect(finding.field?.contains(value) != true)
        }
      }
    }
  }

  @Test func messagesAreOneLineAndEndOnce() throws {
    let bench = try Bench()
    let name = "a\u{1B}[2J\u{202E}\nb"
    let key = String(decoding: JSON.text(name).compactForm, as: UTF8.self)
    for text in [
      "{\"mcpServers\":{\(key):{\"env\":{\(key):\"AKIAIOSFODNN7EXAMPLE\"}}}}",
      "{\"mcpServers\":{\"git\":{\(key):1}},\(key):2}",
      "{\(key):1,\(key):2}", "{\"mcpServers\":{\(key):7}}", "{\"a\":\u{202E}}",
    ] {
      for finding in bench.verdict(text).findings {
        let controls = finding.message.unicodeScalars.filter {
          [.control, .format].contains($0.properties.generalCategory)
        }
        #expect(controls.isEmpty, "\(finding.message)")
        #expect(finding.message.hasSuffix(".") && !finding.message.hasSuffix(".."))
        #expect(finding.field?.contains("\u{1B}") != true)
      }
    }
  }

  /// A server's exact name goes on to machines, as far as someone reads.
  @Test func namesStayExact() throws {
    let bench = try Bench()
    let verdict = bench.verdict(#"{"mcpServers":{"a\u001b":{"command":"c"}}}"#)
    let finding = try #require(verdict.findings.first { $0.kind == .unauthorizedServer })
    #expect(finding.server == "a\u{1B}")
    #expect(finding.message.contains("\"a\\u{1b}\""))

    let long = String(repeating: "é", count: 1000)
    let text = "{\"mcpServers\":{\"\(long)\":{\"command\":\"c\",\"env\":{\"\(long)\":\"\"}}}}"
    for finding in bench.verdict(text).findings where finding.kind == .unauthorizedServer {
      #expect(finding.server == ByteString(long).clipped)
      #expect(finding.message.utf8.count < 600)
    }
  }
}
