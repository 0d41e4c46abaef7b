/// Files of any size, some as they are and some made to be slow. The bytes found differ from the
/// approved ones at the very end, so that nothing is settled early.
struct Shape: Sendable {
  var name: String
  var pair: @Sendable (_ size: Int) -> Pair

  static let sizes = [1, 4, 16, 64, 256, 1023].map { $0 << 10 }

  static let all: [Shape] = [
    many("servers") { index in
      """
      "server-\(padded(index))": {
        "command": "uvx", "args": ["example-\(index)@1.0", "--root", "/srv/projects"],
        "env": {"LANG": "C.UTF-8"}, "disabled": false, "autoApprove": ["read"],
        "disabledTools": ["delete_file"]
      }
      """
    },
    many("small-servers") { "\"server-\(padded($0))\":{\"command\":\"/bin/a\"}" },
    member("long-string") { [UInt8](repeating: UInt8(ascii: "a"), count: $0) },
    member("escapes") { repeated("\\u00e9\\n", $0) },
    member("characters") { repeated("é日本", $0) },
    member("keys", quoted: false) { object($0) { "\"key-\(padded($0))\":\"v\"" } },
    member("unicode-keys", quoted: false) { object($0) { "\"clé-\(padded($0))\":\"v\"" } },
    member("deep", quoted: false) { nested($0) },
    member("numbers", quoted: false) { object($0) { "\"k\(padded($0))\":-1.5e-7" } },
    member("url-like") { repeated("://a:", $0) },
    member("token-like") { repeated("eyJaaaaaaaa.", $0) },
    member("bearer-like") { repeated("Bearer x", $0) },
    member("key-like") { repeated("-----BEGIN ", $0) },
    changed("all-changed") { index, isFound in
      "\"server-\(padded(index))\":{\"command\":\"/bin/\(isFound ? "b" : "a")\"}"
    },
    changed("all-added") { index, isFound in
      "\"\(isFound ? "added" : "known")-\(padded(index))\":{\"command\":\"/bin/a\"}"
    },
    Shape(name: "long-name") { size in
      let name = String(repeating: "a", count: size - 40)
      return Pair(
        approved: document("\"a\":{\"command\":\"a\"}"),
        found: document("\"\(name)\":{\"command\":\"a\"}"))
    },
    Shape(name: "cut-short") { size in
      let whole = many("") { "\"server-\(padded($0))\":{\"command\":\"/bin/a\"}" }.pair(size)
      return Pair(approved: whole.approved, found: whole.found.dropLast(2))
    },
    Shape(name: "white-space") { size in
      let approved = document("\"a\":{\"command\":\"a\"}")
      let found = [UInt8](repeating: UInt8(ascii: "\n"), count: size - approved.count) + approved
      return Pair(approved: approved, found: found)
    },
  ]
}

extension Shape {
  private static func document(_ servers: some StringProtocol) -> [UInt8] {
    Array("{\"mcpServers\":{\(servers)}}".utf8)
  }

  /// So many servers as fit, and one more that differs.
  private static func many(_ name: String, _ server: @escaping @Sendable (Int) -> String) -> Shape {
    Shape(name: name) { size in
      let servers = fill(size - 60, server)
      return Pair(
        approved: document("\(servers),\"z\":{\"command\":\"a\"}"),
        found: document("\(servers),\"z\":{\"command\":\"b\"}"))
    }
  }

  private static func changed(
    _ name: String, _ server: @escaping @Sendable (_ index: Int, _ isFound: Bool) -> String
  ) -> Shape {
    Shape(name: name) { size in
      Pair(
        approved: document(fill(size - 20) { server($0, false) }),
        found: document(fill(size - 20) { server($0, true) }))
    }
  }

  /// One server with one large value in its environment, which differs at its end.
  private static func member(
    _ name: String, quoted: Bool = true, _ value: @escaping @Sendable (_ size: Int) -> [UInt8]
  ) -> Shape {
    Shape(name: name) { size in
      let value = String(decoding: value(size - 70), as: UTF8.self)
      let member = { (end: String) in
        quoted ? "\"K\":\"\(value)\(end)\"" : "\"K\":\(value),\"L\":\"\(end)\""
      }
      let server = { document("\"a\":{\"command\":\"a\",\"env\":{\(member($0))}}") }
      return Pair(approved: server("."), found: server(","))
    }
  }

  private static func object(_ size: Int, _ member: (Int) -> String) -> [UInt8] {
    Array("{\(fill(size, member))}".utf8)
  }

  private static func fill(_ size: Int, _ item: (Int) -> String) -> String {
    var text = item(0)
    var index = 1
    while true {
      let next = item(index)
      if text.utf8.count + next.utf8.count + 1 > size { return text }
      text += "," + next
      index += 1
    }
  }

  /// Objects as deep as they may be, one after the other.
  private static func nested(_ size: Int) -> [UInt8] {
    object(size) { index in
      let depth = 50
      let open = String(repeating: "{\"a-key-of-some-length\":", count: depth)
      return "\"\(padded(index))\":\(open)0\(String(repeating: "}", count: depth))"
    }
  }

  private static func repeated(_ text: String, _ size: Int) -> [UInt8] {
    Array(String(repeating: text, count: size / text.utf8.count).utf8)
  }

  private static func padded(_ index: Int) -> String {
    let digits = String(index)
    return String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits
  }
}
