import MCPConfig
import Policy
import Testing

/// Every way a policy can be wrong is told with the place, marked by `‸`, and a reason.
@Suite struct PolicyErrorTests {
  private static let valid = [
    "version": "1", "approved": #"{"file":"/a/b"}"#, "whitelist": "[]",
    "targets": #"[{"name":"n","path":"~/.m","client":"kiro"}]"#,
  ]

  private func expect(_ text: String, _ reason: String) {
    let line = text.prefix { $0 != "‸" }.split(separator: "\n", omittingEmptySubsequences: false)
    let place = Position(line: line.count, column: (line.last?.unicodeScalars.count ?? 0) + 1)
    #expect {
      try Policy(parsing: Array(text.replacing("‸", with: "").utf8), file: "policy.json")
    } throws: { error in
      guard let error = error as? PolicyError else { return false }
      #expect(error.position == place, "\(text): \(error)")
      #expect(error.message.contains(reason), "\(text): \(error)")
      #expect(error.description == "policy.json:\(place): \(error.message)")
      return true
    }
  }

  /// A valid policy but for one key.
  private func expect(_ key: String, _ value: String, _ reason: String) {
    var members = Self.valid
    members[key] = value
    let text = members.sorted { $0.key < $1.key }.map { "  \"\($0)\": \($1)" }
    expect("{\n\(text.joined(separator: ",\n"))\n}", reason)
  }

  @Test(arguments: [
    ("‸", "empty"), ("‸[]", "must be an object, not an array"), ("{‸", "key in quotes"),
    ("‸{}", "\"version\" is missing"), ("{\n ‸\"Version\": 1}", "no key \"Version\"; it knows "),
    ("{\"version\":1,\n\n  ‸\"version\":1}", "stands twice"),
    ("{\"version\": ‸01}", "number"), ("‸/* {}", "comment without its end"),
    ("‸{\"version\":1}", "\"approved\" is missing"),
    ("{\"ve\\u0072sion\":1, ‸\"ho\u{212A}es\":1}", "no key"),
    ("{‸\"a\\u001b[2J\":1}", "\\u{1b}[2J"),
  ])
  func document(_ text: String, _ reason: String) {
    expect(text, reason)
  }

  @Test(arguments: [
    ("version", "‸2", "version must be 1"), ("version", "‸\"1\"", "version must be 1"),
    ("version", "‸1.0", "version must be 1"), ("$schema", "‸1", "$schema must be a string"),
    ("mode", "‸\"Enforce\"", "mode must be one of \"enforce\", \"observe\""),
    ("mode", "‸true", "mode must be one of"), ("mode", "‸null", "mode must be one of"),
    ("access", "‸\"readonly\"", "\"link\", \"read-only\", \"user-writable\""),
    ("access", "‸\"link\"", "needs a target outside of homes"),
    ("sweep_seconds", "‸0", "from 1 to 86400"), ("sweep_seconds", "‸86401", "from 1 to 86400"),
    ("sweep_seconds", "‸1.5", "whole number"), ("sweep_seconds", "‸\"300\"", "whole number"),
    ("sweep_seconds", "‸99999999999999999999", "from 1 to 86400"),
    ("metrics_file", "‸\"m.prom\"", "absolute path"), ("metrics_file", "‸1", "string"),
    ("metrics_file", "‸\"/m.prom\"", "in a folder"), ("metrics_file", "‸\"/a/m\"", ".prom"),
    ("ledger", "‸400", "ledger must be an object"), ("ledger", "{‸\"days\":1}", "no key \"days\""),
    ("ledger", "{\"retention_days\":‸0}", "from 1 to 3650"),
    ("ledger", "{\"retention_days\":‸3651}", "from 1 to 3650"),
    ("ledger", "{\"retention_days\":‸\"400\"}", "whole number"),
    ("tolerate", "‸\"disabled\"", "tolerate must be an array, not a string"),
    ("tolerate", "[\"disabled\", ‸\"Disabled\"]", "tolerate must be one of"),
    ("tolerate", "[\"disabled\",\n‸\"disabled\"]", "stands twice"), ("tolerate", "[‸1]", "one of"),
    ("approved", "‸\"/a\"", "approved must be an object, not a string"),
    ("approved", "‸{}", "\"file\" is missing"),
    ("approved", "{‸\"path\":\"/a\"}", "no key \"path\""),
    ("approved", "{\"file\":‸\"a/b\"}", "approved.file must be an absolute path"),
    ("approved", "{\"file\":‸\"/a/../b\"}", "absolute path without"),
    ("approved", "{\"file\":‸\"/\"}", "absolute path"),
    ("approved", "{\"file\":‸\"\"}", "isn't empty"),
    ("approved", "{\"file\":‸\"/a\\u0000b\"}", "NUL"),
    ("approved", "{\"file\":‸1}", "must be a string"),
    ("approved", "{\"file\":\"/a\",\"sha256\":‸\"00\"}", "64 hexadecimal digits"),
    ("approved", "{\"file\":\"/a\",\"sha256\":‸0}", "64 hexadecimal digits"),
    ("approved", "{\"file\":\"/a\",\"sha256\":‸null}", "64 hexadecimal digits"),
  ])
  func settings(_ key: String, _ value: String, _ reason: String) {
    expect(key, value, reason)
  }

  @Test(arguments: [
    ("‸{}", "homes must be an array"), ("[‸1]", "a home must be a string"),
    ("[‸\"home/*\"]", "absolute path"), ("[‸\"~/x\"]", "absolute path"),
    ("[‸\"/\"]", "absolute path"),
    ("[‸\"/home/./x\"]", "without \".\""), ("[‸\"/*/x\"]", "only in the last part"),
    ("[‸\"/h*/*\"]", "only in the last part"), ("[\"/home/*\", ‸\"/home/*\"]", "stands twice"),
    ("[\"/home/*\", ‸\"//home//*/\"]", "stands twice"),
  ])
  func homes(_ value: String, _ reason: String) {
    expect("homes", value, reason)
  }

  @Test(arguments: [
    ("‸{}", "targets must be an array"), ("‸[]", "nothing to keep"),
    ("[‸1]", "a target must be an object"),
    ("[‸{\"path\":\"~/m\",\"client\":\"kiro\"}]", "\"name\" is missing"),
    ("[‸{\"name\":\"n\",\"client\":\"kiro\"}]", "\"path\" is missing"),
    ("[‸{\"name\":\"n\",\"path\":\"~/m\"}]", "\"client\" is missing"),
    ("[{\"name\":\"n\",\"path\":\"~/m\",\"client\":‸\"vim\"}]", "client must be one of \"kiro\""),
    ("[{\"name\":\"n\",\"path\":\"~/m\",\"client\":\"kiro\",‸\"user\":1}]", "no key \"user\""),
    ("[{\"name\":\"n\",\"path\":\"~/m\",\"client\":\"kiro\",\"mode\":‸\"off\"}]", "mode must be"),
    ("[{\"name\":‸\"\",\"path\":\"~/m\",\"client\":\"kiro\"}]", "isn't empty"),
    (
      "[{\"name\":\"n\",\"path\":\"~/m\",\"client\":\"kiro\"},\n{\"name\":‸\"n\",\"path\":\"~/o\",\"client\":\"kiro\"}]",
      "the target \"n\" stands twice"
    ),
    (
      "[{\"name\":\"n\",\"path\":\"~/m/o\",\"client\":\"kiro\"},{\"name\":\"o\",\"path\":‸\"~/m//o\",\"client\":\"kiro\"}]",
      "the path of the target \"o\" stands twice"
    ),
  ])
  func targets(_ value: String, _ reason: String) {
    expect("targets", value, reason)
  }

  @Test(arguments: [
    "m", "~", "~/", "~bob/m", "./m", "../m", "/", "/m", "//m", "~/../m", "~/./m", "/a/../m",
    "~/*/m",
    "~/m*", "/etc/*", "~m/x", "~\u{301}/x", "/\u{301}x",
  ])
  func targetPaths(_ path: String) {
    expect(
      "targets", "[{\"name\":\"n\",\"path\":‸\"\(path)\",\"client\":\"kiro\"}]", "a target's path")
  }

  /// The kernel splits at every slash, whatever stands on it.
  @Test func accentsOnSlashesHideNoFolder() throws {
    for path in ["~/a/\u{301}../m", "~/a/\u{301}b/../m"] {
      let text = Self.policy(path: path)
      if path.contains("/../") {
        #expect(throws: PolicyError.self) { try Policy(parsing: Array(text.utf8), file: "p") }
      } else {
        let policy = try Policy(parsing: Array(text.utf8), file: "p")
        #expect(policy.targets[0].path == .home(["a", "\u{301}..", "m"]))
      }
    }
  }

  private static func policy(path: String) -> String {
    """
    {"version":1,"approved":{"file":"/a/b"},"whitelist":[],
     "targets":[{"name":"n","path":"\(path)","client":"kiro"}]}
    """
  }

  @Test(arguments: [
    ("‸{}", "whitelist must be an array"), ("[‸\"git\"]", "a whitelist entry must be an object"),
    ("[‸{\"tier\":1}]", "\"server\" is missing"), ("[‸{\"server\":\"a\"}]", "\"tier\" is missing"),
    ("[{\"server\":‸\"\",\"tier\":1}]", "isn't empty"),
    ("[{\"server\":‸1,\"tier\":1}]", "a string"),
    ("[{\"server\":\"a\",\"tier\":‸0}]", "tier must be 1"),
    ("[{\"server\":\"a\",\"tier\":‸4}]", "tier must be"),
    ("[{\"server\":\"a\",\"tier\":‸\"1\"}]", "tier must be"),
    ("[{\"server\":\"a\",\"tier\":‸1.0}]", "tier"),
    ("[{\"server\":\"a\",\"tier\":1,‸\"user\":\"x\"}]", "no key \"user\""),
    (
      "[{\"server\":\"a\",\"tier\":1},\n ‸{\"server\":\"\\u0061\",\"tier\":3}]",
      "\"a\" stands twice"
    ),
    ("[{\"server\":‸\"a*\",\"tier\":1}]", "only tier 3 takes patterns"),
    ("[{\"server\":‸\"*\",\"tier\":2,\"users\":[]}]", "only tier 3 takes patterns"),
    ("[{\"server\":\"a\",\"tier\":1,\"users\":‸[\"u\"]}]", "\"users\" belongs to tier 2 only"),
    ("[{\"server\":\"a\",\"tier\":3,\"groups\":‸[]}]", "\"groups\" belongs to tier 2 only"),
    ("[‸{\"server\":\"a\",\"tier\":2}]", "\"users\" or \"groups\" is missing"),
    ("[{\"server\":\"a\",\"tier\":2,\"users\":‸\"u\"}]", "users must be an array"),
    ("[{\"server\":\"a\",\"tier\":2,\"users\":[\"u\",‸1]}]", "a name in users"),
    ("[{\"server\":\"a\",\"tier\":2,\"groups\":[‸\"\"]}]", "a name in groups"),
    ("[{\"server\":\"a\",\"tier\":2,\"users\":[\"u\",‸\"u\"]}]", "\"u\" stands twice in users"),
  ])
  func whitelist(_ value: String, _ reason: String) {
    expect("whitelist", value, reason)
  }
}
