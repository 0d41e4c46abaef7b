import Glibc
import MCPConfig
import Testing

@testable import mcpolicyctl

/// Whatever stands in a file, what is printed about it acts on no terminal and tells no secret.
@Suite struct HostileFileTests {
  /// What each place is filled with; the same seed gives the same file.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }

    mutating func letters(_ count: Int) -> String {
      let alphabet = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
      return String((0..<count).map { _ in alphabet.randomElement(using: &self) ?? "a" })
    }

    /// What any place may hold: a name that acts on terminals or readers of a log.
    mutating func noise() -> String {
      let pieces = [
        "\u{1B}[2J", "\u{1B}]0;x\u{7}", "\u{202E}", "\u{2028}", "\r", "\n", "\0", "\u{7F}",
        "\u{9B}1m",
        "\u{FEFF}", "\u{E0041}", "a", "-", "=", "[", "](x)", "{0}", "\"", "\\", "é", "日", ".", ":",
      ]
      return (0..<Int.random(in: 0...6, using: &self)).map { _ in
        pieces.randomElement(using: &self) ?? ""
      }.joined()
    }
  }

  /// - Returns: the file, and the secrets in it that everyone must see as such.
  private func file(_ generator: inout Generator) -> (JSON, [String]) {
    var secrets: [String] = []
    func secret(_ generator: inout Generator) -> String {
      secrets.append("hunter-" + generator.letters(14))
      return secrets[secrets.count - 1]
    }
    func token(_ generator: inout Generator) -> String {
      secrets.append("ghp_" + generator.letters(36))
      return secrets[secrets.count - 1]
    }
    func server(_ generator: inout Generator) -> JSON {
      let (a, b, c, d) = (
        secret(&generator), secret(&generator), secret(&generator), secret(&generator)
      )
      return .object([
        (
          "command",
          .text(
            ["npx", "sh", "docker", generator.noise(), token(&generator)][
              Int.random(in: 0...4, using: &generator)])
        ),
        (
          "args",
          [
            "--api-token", .text(a), .text("--password=\(b)"), "-e", .text("X=\(c)"),
            .text(token(&generator)), .text(generator.noise()),
            .text("postgres://u:\(d)@h.example/x?\(generator.noise())key=\(d)"),
          ]
        ),
        (
          "env",
          .object([
            (generator.noise(), .text(secret(&generator))),
            ("NODE_OPTIONS", .text(secret(&generator))),
            (token(&generator), .text("x")),
          ])
        ),
        ("headers", ["Authorization": .text("Bearer " + secret(&generator))]),
        (
          "url",
          .text(
            "http://\(secret(&generator))@h.example/\(token(&generator))?q=\(secret(&generator))")
        ),
        (
          "oauth", ["clientSecret": .text(secret(&generator)), "list": [.text(secret(&generator))]]
        ),
        ("autoApprove", ["*", .text(generator.noise()), .text(token(&generator))]),
        (token(&generator), .text(secret(&generator))),
        (generator.noise(), .text(secret(&generator))),
      ])
    }
    let names = ["git", "docs", "Git", generator.noise(), token(&generator)]
    let servers = names.map { ($0, server(&generator)) }
    return (
      .object([
        ("mcpServers", .object(servers)), (generator.noise() + "!", .text(secret(&generator))),
        ("powers", ["mcpServers": .object([servers[0], servers[3]])]),
      ]), secrets
    )
  }

  private func expectHarmless(_ output: String, _ secrets: [String], _ about: Comment) {
    // Each character once: there are few, in long outputs.
    let acting = Set(output.unicodeScalars).filter {
      $0 != "\n" && ByteString(String($0)).escaped != String($0)
    }
    #expect(acting.isEmpty, about)
    #expect(secrets.filter { strstr(output, $0) != nil } == [], about)
  }

  @Test func printsNothingThatActsOrTells() throws {
    let desk = try Desk()
    var generator = Generator(state: 20_260_131)
    for round in 0..<8 {
      let (json, secrets) = file(&generator)
      // Two keys may have become the same; then the file is refused, and says no secret either.
      let text = String(decoding: json.prettyForm, as: UTF8.self)
      for arguments in [
        ["check", "--lint"], ["check", "--lint", "--json"], ["check", "--lint", "--sarif"],
        ["explain"], ["explain", "--json"], ["diff"], ["diff", "--json"],
      ] {
        let path = try desk.folder.file("mcp.json", text)
        let status = desk.bench.run(arguments + ["--policy", desk.policy, path])
        #expect([.findings, .badInput].contains(status))
        let about: Comment = "round \(round): \(arguments.joined(separator: " "))"
        expectHarmless(desk.bench.output + desk.bench.errors, secrets, about)
        if arguments.count > 1, status == .findings, arguments.last != "--lint" {
          _ = try desk.bench.json()
        }
      }
    }
  }
}
