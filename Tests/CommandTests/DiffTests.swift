import MCPConfig
import Testing

@testable import mcpolicyctl

@Suite struct DiffTests {
  private let desk: Desk
  private var bench: Bench { desk.bench }

  init() throws { desk = try Desk() }

  private var file: String { desk.folder.path + "/mcp.json" }

  @Test(arguments: [Desk.approvedText, Desk.approvedText + "\n\n"])
  func theSameMeaning(_ text: String) throws {
    #expect(try desk.run("diff", text) == .fine)
    #expect(bench.output == "\(file) says what is approved\n")
    #expect(try desk.run("diff", text, "--json") == .fine)
    #expect(try bench.json()["same"]?.bool == true)
  }

  @Test func byServerAndField() throws {
    let text = """
      {"mcpServers": {
        "git": {"command": "sh", "args": ["mcp-server-git==1.2.3"],
                "env": {"LEVEL": "true", "TOKEN": "${TOKEN}"}, "autoApprove": ["log", "diff"]},
        "evil": {"command": "x"}
       }, "inputs": ["a"]}
      """
    #expect(try desk.run("diff", text) == .findings)
    #expect(
      bench.output == """
        --- \(desk.approved) (approved)
        +++ \(file) (found)
        server git
        - command: "/usr/bin/uvx"
        + command: "sh"
        - env.LEVEL: •••• (4 characters)
        + env.LEVEL: •••• (4 characters), another value
        + env.TOKEN: "${TOKEN}"
        server docs, missing
        - url: "https://docs.example/mcp"
        server evil, not approved
        + command: "x"
        outside of the servers
        + inputs: [•••• (1 character)]

        """)
  }

  @Test func json() throws {
    #expect(try desk.run("diff", #"{"mcpServers":{"git":7}}"#, "--json") == .findings)
    let found = try bench.json()
    #expect(
      found.members?.map(\.key)
        == ["path", "against", "same", "unreadable", "servers", "document"])
    #expect(
      found.list("servers").map { $0["change"]?.string } == ["changed", "removed"])
    let field = try #require(found.list("servers").first?.list("fields").first)
    #expect(field["field"]?.string == "(definition)")
    #expect(field["approved"]?.string?.text.hasPrefix("{command: •••• (12 characters), ") == true)
    #expect(field["found"]?.string == "•••• (a number)")
  }

  @Test func anotherFile() throws {
    let other = try desk.folder.file("other.json", #"{"mcpServers":{}}"#)
    #expect(bench.run("diff", desk.approved, "--against", other) == .findings)
    #expect(bench.output.contains("server git, not approved"))
    #expect(bench.run("diff", other, "--against", other) == .fine)
  }

  @Test func whatNotEveryProgramReadsDiffers() throws {
    #expect(try desk.run("diff", Desk.approvedText + "// c") == .findings)
    #expect(bench.output.contains("not every program of a client reads it"))
  }

  @Test(arguments: ["", "{", #"{"a":1,"a":1}"#])
  func badInput(_ text: String) throws {
    #expect(try desk.run("diff", text) == .badInput)
    #expect(bench.errors.hasPrefix("mcpolicyctl: \(file):1:"))
    #expect(bench.run("diff", "/nonexistent", "--against", desk.approved) == .badInput)
    #expect(bench.run("diff", file, "--against", file, "--policy", file) == .badInput)
  }

  @Test func colourIsOnlyForTerminals() throws {
    _ = try desk.run("diff", "{}")
    #expect(!bench.output.unicodeScalars.contains("\u{1B}"))
    bench.style = Style(isColoured: true)
    _ = try desk.run("diff", "{}")
    #expect(bench.output.contains("\u{1B}[31m- command: \"/usr/bin/uvx\"\u{1B}[0m\n"))
  }
}
