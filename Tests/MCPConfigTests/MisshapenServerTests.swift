import MCPConfig
import Testing

/// Wrong types are named with their field.
@Suite struct MisshapenServerTests {
  @Test(arguments: [
    (#"{"command": "a", "args": "--all"}"#, "args", "a string"),
    (#"{"command": "a", "args": ["x", 1]}"#, "args", "one with a number"),
    (#"{"command": "a", "disabled": "false"}"#, "disabled", "a string"),
    (#"{"command": ["a"]}"#, "command", "an array"),
    (#"{"command": "a", "env": {"A": true}}"#, "env", "one with a boolean"),
    (#"{"command": "a", "url": "https://b"}"#, "url", "both"),
    (#"{"args": []}"#, "command", "neither"),
    (#"{"url": "https://b", "headers": []}"#, "headers", "an array"),
    (#"{"command": "a", "autoApprove": "*"}"#, "autoApprove", "a string"),
    (#"{"command": "a", "timeout": "60"}"#, "timeout", "a string"),
    (#"["a"]"#, "", "an array"),
  ])
  func isNamed(_ definition: String, _ field: String, _ found: String) throws {
    let document = try ConfigDocument(
      parsing: Array(#"{"mcpServers": {"s": \#(definition)}}"#.utf8))
    let misshapen = try #require(document.misshapen.first)
    #expect(misshapen.server == "s")
    #expect(misshapen.field == field)
    #expect(misshapen.found == found)
  }

  @Test(arguments: [
    #"{"command": "a"}"#, #"{"url": "https://b", "headers": {"A": "b"}, "type": "http"}"#,
    #"{"command": "a", "args": [], "env": {}, "disabled": true, "timeout": 1.5, "future": [1]}"#,
  ])
  func whatClientsReadIsFine(_ definition: String) throws {
    let document = try ConfigDocument(
      parsing: Array(#"{"mcpServers": {"s": \#(definition)}}"#.utf8))
    #expect(document.misshapen.isEmpty)
  }
}
