import MCPConfig

/// One word of a command line, or an address, with masks where a secret may stand.
enum ShownWord {
  static let mask = "••••"

  /// A mask that says how long the text is.
  static func length(_ bytes: [UInt8]) -> String {
    let count = ByteString(bytes).text.unicodeScalars.count
    return "\(mask) (\(count) character\(count == 1 ? "" : "s"))"
  }

  /// - Parameter before: the word before it, which may say that this one is a secret.
  static func text(_ bytes: [UInt8], after before: [UInt8] = []) -> String {
    if bytes.isEmpty || isReference(bytes) { return ByteString(bytes).text }
    if let name = optionName(before), bytes.first != UInt8(ascii: "-") {
      if tells(name.bytes) { return length(bytes) }
      if assignments.contains(name) { return pair(bytes, UInt8(ascii: "=")) ?? plain(bytes) }
      if name == "-h" || name == "--header" {
        return pair(bytes, UInt8(ascii: ":")) ?? length(bytes)
      }
      if name == "-u" || name == "--user" {
        return bytes.contains(UInt8(ascii: ":")) ? length(bytes) : plain(bytes)
      }
    }
    if let equals = bytes.firstIndex(of: UInt8(ascii: "=")) {
      let name = ByteString(bytes[..<equals])
      let isAddress = name.bytes.firstRange(of: "://".utf8) != nil
      if !isAddress, tells(lowercased(name.bytes)), let pair = pair(bytes, UInt8(ascii: "=")) {
        return pair
      }
    }
    return plain(bytes)
  }

  /// `${NAME}` and nothing else, without a default that could be a secret.
  static func isReference(_ bytes: [UInt8]) -> Bool {
    guard bytes.starts(with: "${".utf8), bytes.last == UInt8(ascii: "}"), bytes.count <= 80 else {
      return false
    }
    var name = bytes.dropFirst(2).dropLast()
    if name.starts(with: "env:".utf8) { name = name.dropFirst(4) }
    return !name.isEmpty && !looksOpaque(name)
      && SecretShape.find(in: Array(name)) == nil
      && name.allSatisfy { SecretText.Alphabet.word.contains($0) }
  }

  private static func plain(_ bytes: [UInt8]) -> String {
    if let scheme = bytes.firstRange(of: "://".utf8) {
      return ShownAddress.text(bytes, afterScheme: scheme.upperBound)
    }
    if SecretShape.find(in: bytes) != nil || looksOpaque(bytes[...]) || hasLogin(bytes) {
      return length(bytes)
    }
    return ByteString(bytes).text
  }

  /// `NAME=VALUE` with the value masked.
  private static func pair(_ bytes: [UInt8], _ separator: UInt8) -> String? {
    guard let end = bytes.firstIndex(of: separator) else { return nil }
    let name = Array(bytes[...end])
    let value = Array(bytes[(end + 1)...])
    if isReference(value) { return plain(name) + ByteString(value).text }
    return value.isEmpty ? plain(name) : plain(name) + length(value)
  }

  /// `user:password@host`; an alias of npm's has the same signs.
  private static func hasLogin(_ bytes: [UInt8]) -> Bool {
    guard let at = bytes.lastIndex(of: UInt8(ascii: "@")), at > 0 else { return false }
    return bytes[..<at].contains(UInt8(ascii: ":"))
      && bytes[..<at].firstRange(of: "npm:".utf8) == nil
  }

  private static func optionName(_ word: [UInt8]) -> ByteString? {
    guard word.first == UInt8(ascii: "-"), !word.contains(UInt8(ascii: "=")) else { return nil }
    return ByteString(lowercased(word))
  }

  private static let assignments: Set<ByteString> = [
    "-e", "--env", "--build-arg", "--label", "-l",
  ]

  /// Whether a name tells of a secret. It tells of more than the credential scan's does: to mask too
  /// much costs a reader little.
  private static func tells(_ lower: [UInt8]) -> Bool {
    telling.contains { lower.firstRange(of: $0) != nil }
  }

  private static let telling = [
    "token", "secret", "passw", "pwd", "passphrase", "key", "auth", "cred", "bearer", "cookie",
    "session", "signature", "pat=", "-pat", "dsn", "connection",
  ].map { Array($0.utf8) }

  private static func lowercased(_ bytes: [UInt8]) -> [UInt8] {
    bytes.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }
  }

  /// Whether some stretch could be a key that no one types: long, and letters beside digits. A digest
  /// of an image is what someone needs to see.
  static func looksOpaque(_ bytes: ArraySlice<UInt8>) -> Bool {
    let runs = bytes.split {
      !(SecretText.Alphabet.base64URL.contains($0) || $0 == 0x2B || $0 == 0x3D)
    }
    return runs.contains { run in
      let digits = run.count { 0x30...0x39 ~= $0 }
      guard run.count >= 20, digits >= 3, digits < run.count else { return false }
      return !bytes[..<run.startIndex].suffix(7).elementsEqual("sha256:".utf8)
    }
  }
}
