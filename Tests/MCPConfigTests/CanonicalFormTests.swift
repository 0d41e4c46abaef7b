import MCPConfig
import Support
import Testing

/// Exactly what Python's `json.dumps(obj, sort_keys=True)` prints.
@Suite struct CanonicalFormTests {
  @Test(arguments: [
    ("null", "null"), (" true ", "true"), ("\tfalse\r\n", "false"),
    ("[]", "[]"), ("[ ]", "[]"), ("{ }", "{}"), ("[[],{}]", "[[], {}]"),
    ("[1,2 , 3]", "[1, 2, 3]"),
    ("{\"b\":1,\"a\":[{\"d\":1,\"c\":2}]}", "{\"a\": [{\"c\": 2, \"d\": 1}], \"b\": 1}"),
    ("\"\"", "\"\""), ("\"/\"", "\"/\""), ("\"\\/\"", "\"/\""),
    ("\"\\u0022\\u005c\\u002f\"", "\"\\\"\\\\/\""),
    ("\"\\u0008\\u000c\\u000a\\u000d\\u0009\"", "\"\\b\\f\\n\\r\\t\""),
    ("\"\\b\\f\\n\\r\\t\"", "\"\\b\\f\\n\\r\\t\""),
    ("\"\\u0000\\u001F\\u000b\"", "\"\\u0000\\u001f\\u000b\""),
    ("\"\\u0041\\u007e\"", "\"A~\""), ("\"\u{7F}\"", "\"\\u007f\""), ("\"\\u007F\"", "\"\\u007f\""),
    ("\"\u{80}\u{9F}é\"", "\"\\u0080\\u009f\\u00e9\""),
    ("\"\u{2028}\u{FEFF}\"", "\"\\u2028\\ufeff\""),
    ("\"\\uABCD\"", "\"\\uabcd\""), ("\"\u{FFFF}\"", "\"\\uffff\""),
    ("\"😀\"", "\"\\ud83d\\ude00\""), ("\"\\uD83D\\uDE00\"", "\"\\ud83d\\ude00\""),
    ("\"\u{10FFFF}\u{10000}\"", "\"\\udbff\\udfff\\ud800\\udc00\""),
    ("\"e\u{301}\"", "\"e\\u0301\""),
    ("\"C:\\\\Projects\"", "\"C:\\\\Projects\""),
  ])
  func values(_ text: String, _ form: String) throws {
    #expect(try canonical(text) == form)
  }

  /// By code point: U+FF5E comes before U+1F600, which in UTF-16 would come first.
  @Test(arguments: [
    ("{\"\u{1F600}\":1,\"\u{FF5E}\":2}", "{\"\\uff5e\": 2, \"\\ud83d\\ude00\": 1}"),
    (
      "{\"\u{10000}\":1,\"\u{E000}\":2,\"\u{FFFF}\":3}",
      "{\"\\ue000\": 2, \"\\uffff\": 3, \"\\ud800\\udc00\": 1}"
    ),
    (
      "{\"a\":1,\"B\":2,\"_\":3,\"\":4,\"é\":5,\"aa\":6}",
      "{\"\": 4, \"B\": 2, \"_\": 3, \"a\": 1, \"aa\": 6, \"\\u00e9\": 5}"
    ),
    ("{\"\u{7F}\":1,\"\u{80}\":2,\"~\":3}", "{\"~\": 3, \"\\u007f\": 1, \"\\u0080\": 2}"),
    ("{\"a\\u0000\":1,\"a\":2}", "{\"a\": 2, \"a\\u0000\": 1}"),
    ("{\"e\u{301}\":1,\"\u{E9}\":2,\"f\":3}", "{\"e\\u0301\": 1, \"f\": 3, \"\\u00e9\": 2}"),
    ("{\"10\":1,\"9\":2,\"1\":3}", "{\"1\": 3, \"10\": 1, \"9\": 2}"),
  ])
  func keyOrder(_ text: String, _ form: String) throws {
    #expect(try canonical(text) == form)
  }

  /// The object of the guide, and the one this project ships.
  @Test func theGuidesOwnObject() throws {
    let guide = try JSON(parsing: Array(Self.approved(folder: #"C:\\Projects"#).utf8))
    #expect(
      guide.canonicalSHA256.hexadecimal
        == "747ec7e771a41218eaae84bb5941afcb2d5ca61d471cbdc2d1eea399d5011733")
    let shipped = try JSON(parsing: Array(Self.approved(folder: "/srv/projects").utf8))
    #expect(
      shipped.canonicalSHA256.hexadecimal
        == "6a2d61ba9c502a3ace27bcba393ee8e5f1a9b997c1102f85042bd8fd77cc7285")
    let file = try #require(Corpus.read(packageFolder + "/config/mcp.json"))
    #expect(try JSON(parsing: file).canonicalSHA256 == shipped.canonicalSHA256)
  }

  static func approved(folder: String) -> String {
    """
    {"mcpServers": {
      "filesystem": {"command": "npx", "disabled": false, "autoApprove": [],
        "args": ["-y", "@modelcontextprotocol/server-filesystem", "\(folder)"],
        "disabledTools": ["delete_file"]},
      "git": {"command": "uvx", "args": ["mcp-server-git"], "disabled": false, "autoApprove": [],
        "disabledTools": ["git_push", "git_force_push"]},
      "aws-docs": {"command": "uvx", "args": ["awslabs.aws-documentation-mcp-server@latest"],
        "disabled": false,
        "autoApprove": ["mcp_aws_docs_search_documentation", "mcp_aws_docs_read_documentation"]}}}
    """
  }
}
