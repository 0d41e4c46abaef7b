import MCPConfig
import Testing

/// A document as sections of servers.
@Suite struct ConfigDocumentTests {
  private func document(_ text: String) throws -> ConfigDocument {
    try ConfigDocument(parsing: Array(text.utf8))
  }

  @Test func bothSectionsAreRead() throws {
    let document = try document(
      #"{"powers":{"mcpServers":{"git":{"command":"sh"}}},"mcpServers":{"git":{"url":"u"},"a":{"url":""}},"x":1}"#
    )
    #expect(document.servers.map(\.name) == ["git", "a", "git"])
    #expect(document.servers.map(\.section) == [.servers, .servers, .powers])
    #expect(document.servers.map(\.offset) == [64, 82, 25])
    #expect(document.server("git", in: .powers)?.definition["command"]?.string == "sh")
    #expect(document.server("git", in: .servers)?.definition["url"]?.string == "u")
    #expect(document.server("a", in: .powers) == nil)
    #expect(document.misshapen.isEmpty)
  }

  @Test(arguments: [
    "{}", #"{"mcpservers":{"a":{}}}"#, #"{"servers":{"a":{}}}"#, #"{"powers":[]}"#,
    #"{"powers":{"mcpservers":{"a":{}}}}"#, #"{"powers.mcpServers":{"a":{}}}"#,
    #"{"a":{"command":"sh"}}"#,
  ])
  func noServers(_ text: String) throws {
    let document = try document(text)
    #expect(document.servers.isEmpty)
    #expect(document.misshapen.isEmpty)
  }

  @Test(
    arguments: [
      ("[{}]", nil, "", "an array"), ("null", nil, "", "null"), ("\"x\"", nil, "", "a string"),
      (#"{"mcpServers":[{"name":"git"}]}"#, nil, "mcpServers", "an array"),
      (#"{"mcpServers":null}"#, nil, "mcpServers", "null"),
      (#"{"powers":{"mcpServers":1}}"#, nil, "powers.mcpServers", "a number"),
      (#"{"mcpServers":{"a":{"url":"u"},"b":"x"}}"#, "b", "", "a string"),
      (#"{"powers":{"mcpServers":{"c":true}}}"#, "c", "", "a boolean"),
    ] as [(String, ByteString?, String, String)])
  func misshapen(_ text: String, _ server: ByteString?, _ field: String, _ found: String) throws {
    let misshapen = try #require(try document(text).misshapen.first)
    #expect(misshapen.server == server)
    #expect(misshapen.field == field)
    #expect(misshapen.found == found)
    #expect(misshapen.complaint.hasSuffix(", not \(found)"))
  }

  /// Python and Node see two servers here and Swift's parsers one, so nobody can approve it.
  @Test(
    arguments: [
      (#"{"mcpServers":{"\u00e9":C,"e\u0301":C}}"#, nil, "mcpServers"),
      (#"{"mcpServers":{"Kiro":C,"\u212airo":C}}"#, nil, "mcpServers"),
      (#"{"powers":{"mcpServers":{"\u00e9":C,"e\u0301":C}}}"#, nil, "powers.mcpServers"),
      (#"{"mcpServers":{"a":C,"b":{"url":"u","env":{"\u00e9":"1","e\u0301":"2"}}}}"#, "b", ""),
      (#"{"mcpServers":{"a":{"url":"u","x":[{"K":1,"\u212a":2}]}}}"#, "a", ""),
      (#"{"mcpServers":{},"\u00e9":1,"e\u0301":2}"#, nil, ""),
    ] as [(String, ByteString?, String)])
  func lookAlikeKeys(_ text: String, _ server: ByteString?, _ field: String) throws {
    let misshapen = try document(text.replacing("C", with: #"{"command":"c"}"#)).misshapen
    #expect(misshapen.map(\.server) == [server])
    #expect(misshapen.map(\.field) == [field])
    #expect(misshapen.first?.complaint.contains("the same to some") == true)
  }

  @Test func keysOfDifferentObjectsArentLookAlikes() throws {
    let text =
      #"{"mcpServers":{"\u00e9":{"url":"","e\u0301":1},"e":{"url":"","\u00e9":1}}}"#
    #expect(try document(text).misshapen.isEmpty)
  }

  @Test func filteredKeepsTheRest() throws {
    let document = try document(
      #"{"z":1,"mcpServers":{"a":{},"b":{"x":1}},"powers":{"y":2,"mcpServers":{"a":{"p":1}}}}"#)
    let filtered = document.filtered { $0.name != "a" || $0.section == .powers }
    #expect(
      String(decoding: filtered.root.compactForm, as: UTF8.self)
        == #"{"z":1,"mcpServers":{"b":{"x":1}},"powers":{"y":2,"mcpServers":{"a":{"p":1}}}}"#)
    #expect(filtered.servers.map(\.name) == ["b", "a"])
  }

  @Test(arguments: [
    (#"{"mcpServers":{"a":{}}}"#, "{}"),
    (#"{"mcpServers":{}}"#, #"{"mcpServers":{}}"#),
    (#"{"powers":{"mcpServers":{"a":{}}}}"#, "{}"),
    (#"{"powers":{"mcpServers":{"a":{}},"x":1}}"#, #"{"powers":{"x":1}}"#),
    (#"{"powers":{}}"#, #"{"powers":{}}"#),
    (#"{"mcpServers":{"a":{}},"powers":{"mcpServers":{}}}"#, #"{"powers":{"mcpServers":{}}}"#),
  ])
  func restIsWhatStandsBesidesServers(_ text: String, _ rest: String) throws {
    let form = try document(text).rest(besides: ConfigDocument(root: [:])).compactForm
    #expect(String(decoding: form, as: UTF8.self) == rest)
  }

  @Test func sectionsEmptiedByAnyoneArentPartOfTheRest() throws {
    let full = try document(#"{"mcpServers":{"a":{}},"powers":{"mcpServers":{"b":{}}}}"#)
    for text in ["{}", #"{"powers":{}}"#, #"{"mcpServers":{},"powers":{"mcpServers":{}}}"#] {
      #expect(try document(text).rest(besides: full).members?.isEmpty == true)
    }
  }

  @Test func aServersDigestIsThatOfItsDefinition() throws {
    let server = try #require(try document(#"{"mcpServers":{"a":{"b":1,"a":2}}}"#).servers.first)
    #expect(server.sha256 == SHA256Digest(of: Array(#"{"a": 2, "b": 1}"#.utf8)))
  }
}
