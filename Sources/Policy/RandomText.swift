import MCPConfig

/// Values that look random under names that tell of a secret: what no issuer's shape describes.
enum RandomText {
  /// Whether a value under that name is likely a literal secret.
  static func isSecret(_ value: [UInt8], under name: ByteString) -> Bool {
    tells(name) && !isPlaceholder(value) && looksRandom(value)
  }

  /// A word of the name says what it holds; `_FILE` and `_PATH` say where it is kept instead.
  static func tells(_ name: ByteString) -> Bool {
    let words = words(of: name)
    guard let last = words.last, !whereabouts.contains(last) else { return false }
    return words.contains(where: telling.contains)
      || zip(words, words.dropFirst()).contains {
        $1 == "key" && keyKinds.contains($0)
      }
  }

  private static let telling: Set<String> = [
    "token", "secret", "password", "passwd", "pwd", "pat", "apikey", "credential", "credentials",
    "authorization", "bearer",
  ]
  private static let keyKinds: Set<String> = [
    "api", "access", "auth", "private", "secret", "signing", "encryption", "account", "service",
  ]
  private static let whereabouts: Set<String> = [
    "file", "path", "url", "uri", "endpoint", "name", "id", "region", "type", "ttl", "limit",
  ]

  /// The words of `GITHUB_TOKEN`, `api-key`, `apiKey`, in lower case.
  private static func words(of name: ByteString) -> [String] {
    var words: [[UInt8]] = [[]]
    var wasLower = false
    for byte in name.bytes {
      let isUpper = 0x41...0x5A ~= byte
      let isWord = isUpper || 0x61...0x7A ~= byte || 0x30...0x39 ~= byte
      if !isWord || isUpper && wasLower { words.append([]) }
      if isWord { words[words.count - 1].append(isUpper ? byte | 0x20 : byte) }
      wasLower = isWord && !isUpper
    }
    return words.lazy.filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
  }

  /// `<your-token>`, `YOUR_API_KEY`, `${TOKEN}`, `xxxx`: where a secret belongs, and isn't.
  static func isPlaceholder(_ value: [UInt8]) -> Bool {
    if value.contains(where: { "$<>{}".utf8.contains($0) }) { return true }
    let lower = String(decoding: value.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }, as: UTF8.self)
    let signs = [
      "your", "xxx", "example", "placeholder", "changeme", "replace", "insert", "dummy", "redact",
      "...",
    ]
    return signs.contains { lower.utf8.firstRange(of: $0.utf8) != nil }
  }

  /// At least 16 bytes without space, letters beside digits, and many different ones: a collision
  /// entropy (Rényi's, of order 2) of at least 3 bits a byte.
  static func looksRandom(_ value: [UInt8]) -> Bool {
    guard 16...4096 ~= value.count, value.allSatisfy({ 0x21...0x7E ~= $0 }) else { return false }
    let hasDigit = value.contains { 0x30...0x39 ~= $0 }
    let hasLetter = value.contains { 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 }
    guard hasDigit, hasLetter, !value.contains(UInt8(ascii: "/")) || value.count >= 32 else {
      return false
    }
    return entropyIsHigh(value)
  }

  /// Collision entropy is the negative logarithm of the sum of squared shares; 3 bits are an eighth.
  private static func entropyIsHigh(_ value: [UInt8]) -> Bool {
    var counts = [Int](repeating: 0, count: 128)
    for byte in value { counts[Int(byte)] += 1 }
    let squares = counts.reduce(0) { $0 + $1 * $1 }
    return squares * 8 <= value.count * value.count
  }
}
